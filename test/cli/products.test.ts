/** What tasks leave behind, as the command line shows it: the real one, on a run with artifacts, models, metrics, plots and logs. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectFolder, type Ran, reprise, start } from "./command-line.ts";

const pipeline = `
import { pipeline, step, Task } from "reprise";

declare const process: { getBuiltinModule(name: string): any };
declare const console: Record<"log" | "warn" | "error", (text: string) => void>;
declare const setTimeout: (act: () => void, ms: number) => void;
const { mkdirSync, writeFileSync, existsSync } = process.getBuiltinModule("fs");

export const fit = step.monitor({ models: ["tree"] })(async () => {
  const task = Task.current();
  for (let i = 1; i <= 100; i++) task.scalar("loss", "train", 100 / i, i);
  task.plot("confusion", { data: { values: [] }, mark: "rect" }, 1);
  task.plot("confusion", { data: { values: [] }, mark: "bar" }, 2);
  task.text("summary", "# Fine");
  console.log("plain");
  console.warn("\\u001b[35mcareful\\u001b[39m\\u001b[2J");
  console.error("broken");
  mkdirSync("kept/deep", { recursive: true });
  writeFileSync("kept/deep/a.txt", "a");
  await task.artifact("folder", "kept", { kind: "folder" });
  await task.artifact("rows", [{ a: 1, b: "x" }], { kind: "table", type: "text/csv" });
  await task.model("tree", { depth: 2 }, { framework: "cart" });
});

export const talk = step(async ({ until }: { until: string }) => {
  console.log("begun");
  while (!existsSync(until)) await new Promise<void>((resolve) => setTimeout(resolve, 20));
  console.log("ended");
});

export default pipeline("products", async () => void (await fit()));
export const talking = pipeline("talking", async ({ until }: { until: string }) => void (await talk({ until })));
`;

let cwd: string;
const said = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await reprise(args, { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};

beforeAll(async () => {
  cwd = projectFolder({ "pipeline.ts": pipeline });
  expect(await reprise(["run", "pipeline.ts", "--pipeline", "products", "--id", "r", "--json"], { cwd })).toMatchObject(
    { code: 0 },
  );
}, 60_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test("artifacts are listed with what they are; a folder becomes a folder again, anything else goes to stdout", async () => {
  const listed = await said("task", "artifacts", "r");
  expect(listed).toMatch(/^tree +\d+ B +application\/json +r +model cart +sha256:/m);
  expect(listed).toMatch(/^folder +[\d.]+ KB +application\/x-tar +fit +folder +sha256:/m);
  expect(listed).toMatch(/^rows +\d+ B +text\/csv +fit +table +sha256:/m);
  expect((await said("task", "artifacts", "r", "--models")).split("\n")).toHaveLength(4);
  expect(await said("task", "artifacts", "r", "--get", "rows")).toBe("a,b\r\n1,x\r\n");
  await said("task", "artifacts", "r", "--get", "folder", "-o", "back");
  expect(readdirSync(join(cwd, "back"), { recursive: true }).sort()).toEqual(["deep", "deep/a.txt"]);
  expect(JSON.parse(await said("task", "artifacts", "r/fit", "--json"))[2]).toMatchObject({
    name: "tree",
    model: { framework: "cart" },
  });
});

test("an artifact that both the run and a step have is the run's own", async () => {
  expect(JSON.parse(await said("task", "artifacts", "r", "--get", "tree"))).toEqual({ depth: 2 });
});

test("a series has its course, and its points where it is asked for", async () => {
  expect(await said("task", "metrics", "r")).toMatch(/^fit +loss +train +1 +1 +100 +100 +100 +█▃▂▂▁+$/m);
  const points = (await said("task", "metrics", "r", "--series", "loss/train", "--points", "6")).trim().split("\n");
  expect(points.slice(-6).map((line) => line.trim().split(/ +/).join(": "))).toEqual([
    ...["1: 100", "2: 50", "50: 2", "51: 1.961", "99: 1.01", "100: 1"],
  ]);
  const [series] = JSON.parse(await said("task", "metrics", "r", "--series", "loss/train", "--json"));
  expect(series).toMatchObject({ task: "r/fit", count: 100 });
  expect(series.points).toHaveLength(100);
});

test("plots are listed, and the latest of a title is given", async () => {
  expect(await said("task", "plots", "r")).toMatch(/^confusion +plot +2 +\d+ B +fit$/m);
  expect(JSON.parse(await said("task", "plots", "r", "--get", "confusion"))).toMatchObject({ mark: "bar" });
  expect(JSON.parse(await said("task", "plots", "r", "--get", "confusion", "--iteration", "1"))).toMatchObject({
    mark: "rect",
  });
  await said("task", "plots", "r", "--get", "summary", "-o", "summary.md");
  expect(readFileSync(join(cwd, "summary.md"), "utf8")).toBe("# Fine\n");
});

test("logs are cut, searched and chosen by level; what moves the cursor is not shown", async () => {
  expect(await said("task", "logs", "r/fit", "--search", "PLAIN")).toBe("plain\n");
  expect(await said("task", "logs", "r/fit", "--level", "warn")).toBe("careful\nbroken\n");
  expect(await said("task", "logs", "r/fit", "--level", "warn", "--tail", "1")).toBe("broken\n");
  const colored = await reprise(["task", "logs", "r/fit", "--level", "warn"], { cwd, env: { FORCE_COLOR: "1" } });
  expect(colored.stdout).toBe("\u001b[35mcareful\u001b[39m\u001b[0m\n\u001b[31mbroken\u001b[39m\n");
});

test("logs are followed until the run ends", async () => {
  const until = join(cwd, "until");
  const run = start(["run", "pipeline.ts", "--pipeline", "talking", "--id", "talks", "--param", `until=${until}`], {
    cwd,
  });
  await saying(run, "begun", async () =>
    existsSync(join(cwd, ".reprise")) ? reprise(["task", "logs", "talks"], { cwd }) : undefined,
  );
  const follow = start(["task", "logs", "talks", "--follow"], { cwd });
  await new Promise<void>((resolve) => {
    const look = () => follow.said.stdout.includes("begun") && resolve();
    follow.child.stdout?.on("data", look);
    look();
  });
  writeFileSync(until, "");
  expect(await follow.ended).toMatchObject({ code: 0, stdout: "talk | begun\ntalk | ended\n" });
  expect((await run.ended).code).toBe(0);
});

/** Until the step has begun to speak. */
async function saying(
  run: ReturnType<typeof start>,
  text: string,
  look: () => Promise<Ran | undefined>,
): Promise<void> {
  for (;;) {
    if (run.child.exitCode !== null) throw new Error((await run.ended).stderr);
    if ((await look())?.stdout.includes(text)) return;
  }
}

test.each([
  [["task", "plots", "r", "--get", "confusio"], /r has no plot "confusio"\nIs it confusion\?/],
  [["task", "plots", "r", "-o", "x"], /-o and --iteration need --get/],
  [["task", "metrics", "r", "--series", "loss/trian"], /r has no series "loss\/trian"\nIs it loss\/train\?/],
  [["task", "artifacts", "r", "--get", "folder", "-o", "package.json"], /package\.json cannot be written/],
  [["task", "logs", "r", "--level", "loud"], /Allowed choices are debug, info, warn, error/],
])("%j is refused in a sentence", { concurrent: true }, async (args, sentence) => {
  const { code, stderr } = await reprise(args, { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(sentence);
});
