/** `run --watch` by the real command line. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { projectFolder, type Running, reprise, start } from "./command-line.ts";

const program = (text: string, ms = 0) => `import { pipeline, step, Task } from "reprise";
declare function setTimeout(done: (value: unknown) => void, ms: number): void;
declare const process: { getBuiltinModule(name: string): { writeFileSync(path: string, text: string): void } };
export const say = step(async () => {
  process.getBuiltinModule("node:fs").writeFileSync(${JSON.stringify(join(cwd, "begun"))}, "${text}");
  await new Promise((done) => {
    setTimeout(done, ${ms});
    (Task.current().signal as any).addEventListener("abort", done);
  });
  return "${text}";
});
export default pipeline("again", async () => await say());
`;
const forever = 600_000;

let running: Running | undefined;
let cwd: string;
afterEach(async () => {
  running?.child.kill("SIGKILL");
  await running?.ended;
  rmSync(cwd, { recursive: true, force: true });
});

const says = (stream: "stdout" | "stderr", text: string) =>
  vi.waitFor(() => expect(running!.said[stream]).toContain(text), { timeout: 30_000, interval: 10 });
const begins = (text: string) =>
  vi.waitFor(() => expect(readFileSync(join(cwd, "begun"), "utf8")).toBe(text), { timeout: 30_000, interval: 10 });
const write = (text: string) => writeFileSync(join(cwd, "pipeline.ts"), text);
const statuses = async () => {
  const { stdout } = await reprise(["tasks", "--type", "controller", "--json"], { cwd });
  return (JSON.parse(stdout) as { status: string }[]).map(({ status }) => status).sort();
};

test("a run of each version; what still runs is aborted, problems are waited over, Ctrl-C aborts the last", {
  timeout: 120_000,
}, async () => {
  cwd = projectFolder({});
  write(program("the first"));
  running = start(["run", "pipeline.ts", "--watch"], { cwd });
  await says("stdout", "the first'");
  await says("stderr", "waiting for a change of pipeline.ts");

  write(program("the second", forever));
  await begins("the second");
  write(program("the third").replace("say()", "sai()"));
  await says("stderr", "RP3002");
  expect(running.said.stderr).not.toContain("aborting");

  write(program("the fourth"));
  await says("stderr", "pipeline.ts has changed: aborting the run…");
  await says("stdout", "the fourth'");

  write(program("the fifth", forever));
  await begins("the fifth");
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 130, signal: null });
  expect(await statuses()).toEqual(["aborted", "aborted", "completed", "completed"]);
});

test("Ctrl-C while nothing runs is a good end; --id does not go with it", { timeout: 60_000 }, async () => {
  cwd = projectFolder({});
  write(program("once"));
  running = start(["run", "pipeline.ts", "--watch"], { cwd });
  await says("stderr", "waiting for a change");
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(await reprise(["run", "pipeline.ts", "--watch", "--id", "r1"], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--id does not go with it"),
  });
});
