/** Pipelines that call pipelines, on the command line. */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { emptyFolder, reprise } from "./command-line.ts";

const examples = join(import.meta.dirname, "../../examples");
const folder = emptyFolder();
const run = (...args: string[]) => reprise(args, { cwd: folder });
let ran: Awaited<ReturnType<typeof run>>;

beforeAll(async () => {
  const compiled = await run("compile", join(examples, "pipelines/pipeline.ts"), "-o", "train.json");
  expect(compiled.code).toBe(0);
  ran = await run("run", "train.json", "--id", "r", "--slots", "1");
}, 30_000);

test("a run tells of the runs that it calls, step by step", () => {
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  const lines = ran.stdout.split("\n").map((line) => line.replace(/ \d.*$/, ""));
  const steps = ["measured (measure)", "samples (dropOutliers)"];
  for (const path of ["prepare", "prepare2"]) for (const step of steps) expect(lines).toContain(`✓ ${path}/${step}`);
  expect(lines.indexOf("✓ prepare2 (prepare)")).toBeGreaterThan(lines.indexOf("✓ prepare2/samples (dropOutliers)"));
  expect(ran.stdout).toContain("Kept in .reprise as run r: 9 tasks");
});

test("its tasks are listed by their paths, those of a run that it called by themselves too", async () => {
  const paths = async (id: string) =>
    (await run("tasks", "--run", id)).stdout
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split(/\s+/)[2]);
  expect((await paths("r")).toSorted()).toEqual(
    [
      "r",
      "prepare",
      "prepare2",
      ...["prepare", "prepare2"].flatMap((p) => [`${p}/measured`, `${p}/samples`]),
      "line",
      "error",
    ].toSorted(),
  );
  expect(await paths("r/prepare2")).toEqual(["r/prepare2", "measured", "samples"]);
});

test("a run that was called is shown as the task that it is, with its params and its result", async () => {
  const shown = JSON.parse((await run("task", "show", "r/prepare2", "--json")).stdout);
  expect(shown).toMatchObject({
    id: "r/prepare2",
    run: "r",
    path: "prepare2",
    input: { seed: 8, count: 50 },
    output: { dropped: 5 },
  });
});

test("the graph shows a pipeline that is called where it is called", async () => {
  const stdout = bare((await run("graph", "train.json")).stdout);
  expect(stdout).toMatch(/subgraph prepare\["prepare"\]\n[\s\S]*?"measured = measure"[\s\S]*?\n {2}end\n/);
  expect(stdout).toMatch(/subgraph prepare2\["prepare2 = prepare"\]/);
  expect(bare((await run("graph", "r")).stdout)).toBe(stdout);
  const called = bare((await run("graph", "r/prepare")).stdout);
  expect(called).toMatch(/"measured = measure"/);
  expect(called).not.toMatch(/subgraph prepare/);
});

/** Without source lines, counts and colours. */
function bare(picture: string): string {
  return picture.replace(/<br\/><small>.*?<\/small>/g, "").replace(/^ *(class|classDef|style|linkStyle) .*\n/gm, "");
}

test("what cannot be: going on with a part of a run, a JSON that lacks a pipeline", async () => {
  const resumed = await run("resume", "r/prepare");
  expect(resumed.code).toBe(2);
  expect(resumed.stderr).toContain("the run r/prepare was called by r: resume r, and it goes on too");
});
