/** Limits over processes: two runs, each with agents of its own, share a lane by its key. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { projectFolder, reprise, start } from "./command-line.ts";

const cwd = projectFolder({
  "pipeline.ts": `import { pipeline, step } from "reprise";
declare const process: { env: Record<string, string>; getBuiltinModule(name: "fs"): { appendFileSync(file: string, text: string): void } };
declare const setTimeout: (then: () => void, ms: number) => unknown;
const note = (text: string) => process.getBuiltinModule("fs").appendFileSync(process.env.DIARY!, text + "\\n");

export const use = step.concurrency({ limit: 1, key: "the printer" })(async ({ ms }: { ms: number }) => {
  note("begin");
  await new Promise<void>((resolve) => setTimeout(resolve, ms));
  note("end");
});
export const train = step.resources({ gpu: 1 })(async () => 1);

export default pipeline("printing", async ({ ms = 30 }: { ms?: number }) => {
  await Promise.all([1, 2, 3].map(() => use({ ms })));
});
export const training = pipeline("training", async () => await train());
`,
});
const diary = join(cwd, "diary");
const env = { DIARY: diary };
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test("never more than the limit run at once, whichever process runs them", { timeout: 120_000 }, async () => {
  await reprise(["compile", "pipeline.ts", "-o", "pipeline.json", "--pipeline", "printing"], { cwd, env });
  const runs = ["a", "b"].map((id) => reprise(["run", "pipeline.json", "--id", id], { cwd, env }));
  expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 0]);
  const lines = readFileSync(diary, "utf8").trim().split("\n");
  expect(lines).toEqual(Array.from({ length: 6 }, () => ["begin", "end"]).flat());
});

test("a step that needs what no agent has says so, and runs where one has it", { timeout: 120_000 }, async () => {
  const args = ["run", "pipeline.ts", "--pipeline", "training"];
  const poor = start([...args, "--id", "poor"], { cwd, env });
  const told = "no agent of the queue default has gpu 1 to give: start one with --resources";
  await new Promise<void>((resolve) =>
    poor.child.stdout?.on("data", () => poor.said.stdout.includes(told) && resolve()),
  );
  process.kill(poor.child.pid!, "SIGINT");
  expect((await poor.ended).code).toBe(130);
  expect(await reprise([...args, "--resources", "gpu=1"], { cwd, env })).toMatchObject({ code: 0 });
  expect(await reprise([...args, "--resources", "gpu=lots"], { cwd, env })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--resources: "lots" is no amount of gpu'),
  });
});
