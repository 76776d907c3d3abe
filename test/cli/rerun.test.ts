/** Runs again: all of it, or from a step on. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, expectTypeOf, test } from "vitest";
import { open, type Run } from "../../src/open.ts";
import { projectFolder, reprise } from "./command-line.ts";
import { said } from "./in-process.ts";

const pipeline = `import { pipeline, step, Task } from "reprise";
declare const process: { env: Record<string, string>; getBuiltinModule(name: "fs"): typeof fs };
declare const fs: { appendFileSync(file: string, text: string): void; existsSync(file: string): boolean };
/** What has run is told to the test. */
const note = (text: string) => process.getBuiltinModule("fs").appendFileSync(process.env.DIARY!, text + "\\n");

export const load = step(async ({ seed }: { seed: number }) => {
  note("load");
  await Task.current().artifact("rows.json", [seed]);
  return { rows: [seed, seed + 1] };
});
export const fit = step.cache()(async ({ rows, depth }: { rows: number[]; depth: number }) => {
  note("fit " + depth);
  return { accuracy: depth / 4 + rows.length };
});
export const check = step(async ({ accuracy }: { accuracy: number }) => {
  note("check");
  if (process.getBuiltinModule("fs").existsSync(process.env.DIARY + ".bad")) throw new RangeError("not good enough");
  return accuracy;
});
export const publish = step(async () => note("publish"));
export const other = step(async () => note("other"));
export const cleaned = pipeline("cleaned", async ({ seed }: { seed: number }) => {
  const { rows } = await load({ seed });
  await check({ accuracy: rows.length });
  return rows;
});

export default pipeline("again", async ({ turns = 2, note: _ = "" }: { turns?: number; note?: string }) => {
  const data = await load({ seed: 7 });
  const aside = other();
  let depth = 1;
  let best = await fit({ rows: data.rows, depth });
  while (depth < turns) {
    depth += 1;
    best = await fit({ rows: data.rows, depth });
  }
  if (best.accuracy > 1) await publish();
  await aside;
  return await check({ accuracy: best.accuracy });
});

export const outer = pipeline("outer", async () => {
  const rows = await cleaned({ seed: 3 });
  return await fit({ rows, depth: 1 });
});
`;

const graph = `import { pipeline } from "reprise";
import { check, load, other } from "./pipeline.ts";
const g = pipeline.graph("put together");
const rows = g.step("rows", load, { seed: 7 });
g.step("aside", other);
g.step("checked", check, { accuracy: rows.rows[0] });
export default g;
`;

let cwd: string;
let diary: string;
const store = () => join(cwd, "store");
const run = (...args: string[]) => said("--store", store(), ...args);
/** What has run since the last time, in order. */
const ran = () => {
  const lines = existsSync(diary) ? readFileSync(diary, "utf8").trim().split("\n").toSorted() : [];
  rmSync(diary, { force: true });
  return lines;
};

beforeAll(async () => {
  cwd = projectFolder({ "pipeline.ts": pipeline, "graph.ts": graph });
  diary = join(cwd, "diary");
  process.env.DIARY = diary;
  const file = join(cwd, "pipeline.ts");
  expect(await run("run", file, "--pipeline", "again", "--id", "first")).toMatchObject({ code: 0 });
  expect(await run("run", file, "--pipeline", "outer", "--id", "nested", "--refresh")).toMatchObject({ code: 0 });
}, 60_000);
beforeEach(() => void ran());
afterAll(() => {
  delete process.env.DIARY;
  rmSync(cwd, { recursive: true, force: true });
});

test("a run is made again with its params, and with others that are given", async () => {
  expect(await run("rerun", "first", "--id", "whole", "--param", "note=new")).toMatchObject({ code: 0 });
  // What is cached may be taken from the cache, as in any run.
  expect(ran()).toEqual(["check", "load", "other", "publish"]);
  const shown = JSON.parse((await run("task", "show", "whole", "--json")).stdout);
  expect((await run("task", "show", "whole")).stdout).toMatch(/ {2}again {5}first\n/);
  expect(shown).toMatchObject({ status: "completed", input: { note: "new" }, options: { rerun: { of: "first" } } });
});

test("from a step on: the step and what depends on it run again, the rest is taken, with what it made", async () => {
  const { code, stdout } = await run("rerun", "first", "--from", "loop1/best", "--id", "late");
  expect({ code, ran: ran() }).toEqual({ code: 0, ran: ["check", "fit 2", "publish"] });
  expect(stdout).toContain("✓ data (load) cached from first/data");
  expect((await run("task", "why", "late/data")).stdout).toContain(
    "its run does another one again: taken from first/data, the same call there",
  );
  expect(JSON.parse((await run("task", "why", "late/data", "--json")).stdout)).toEqual({
    task: "late/data",
    cache: { outcome: "hit", from: "first/data", rerun: true },
  });
  expect((await run("task", "artifacts", "late/data")).stdout).toContain("rows.json");
  expect((await run("task", "why", "late/loop1[1]/best")).stdout).toContain("from an earlier step on");
});

test("a step's name stands for all its calls, a path with numbers for one turn and those after it", async () => {
  expect(await run("rerun", "first", "--from", "fit", "--id", "all")).toMatchObject({ code: 0 });
  expect(ran()).toEqual(["check", "fit 1", "fit 2", "publish"]);
  expect(await run("rerun", "first", "--from", "check")).toMatchObject({ code: 0 });
  expect(ran()).toEqual(["check"]);
  // A param that changes the way: what is the same up to there is taken, the turn that is new runs.
  expect(await run("rerun", "first", "--from", "check", "--param", "turns=3")).toMatchObject({ code: 0 });
  expect(ran()).toEqual(["check", "fit 3"]);
});

test("a run again can be done again, and what it had taken is taken from it", async () => {
  expect(await run("rerun", "first", "--from", "check", "--id", "second")).toMatchObject({ code: 0 });
  ran();
  expect(await run("rerun", "second", "--from", "check", "--id", "third")).toMatchObject({ code: 0 });
  expect(ran()).toEqual(["check"]);
  expect((await run("task", "why", "third/data")).stdout).toContain("taken from second/data");
});

test("nothing is taken of what failed, and a step that could not be made again is refused with those that were", async () => {
  const bad = `${diary}.bad`;
  writeFileSync(bad, "");
  const failed = await run("rerun", "first", "--from", "check", "--id", "failed");
  rmSync(bad);
  expect(failed).toMatchObject({ code: 1 });
  ran();
  expect(await run("rerun", "failed", "--from", "other", "--id", "mended")).toMatchObject({ code: 0 });
  expect(ran()).toEqual(["check", "other"]);

  const wrong = await run("rerun", "first", "--from", "chekc");
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "check"?') });
  expect(wrong.stderr).toContain("data, load");
  expect(await run("rerun", "first", "--param", "truns=3")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean "turns"?'),
  });
  expect(await run("rerun", "first", "--id", "failed")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the run "failed" exists and is not the same run again'),
  });
  expect(ran()).toEqual([]);
});

test("of a pipeline that the run called, whole or in part, what stands is taken; it may be made again by itself", async () => {
  expect(await run("rerun", "nested", "--from", "fit", "--id", "outside")).toMatchObject({ code: 0 });
  expect(ran()).toEqual(["fit 1"]);
  expect((await run("task", "why", "outside/rows")).stdout).toContain("taken from nested/rows");
  expect(await run("rerun", "nested", "--from", "check", "--id", "inside")).toMatchObject({ code: 0 });
  // The pipeline depends on its own step, and what takes its result on it.
  expect(ran()).toEqual(["check", "fit 1"]);
  expect((await run("task", "why", "inside/rows/load")).stdout).toContain("taken from nested/rows/load");
  expect(await run("rerun", "nested/rows", "--id", "alone")).toMatchObject({ code: 0 });
  expect(ran()).toEqual(["check", "load"]);
});

test("a run that was enqueued for agents is taken up where it was left, and knows what it takes", {
  timeout: 60_000,
}, async () => {
  const queued = await run("rerun", "first", "--from", "check", "--id", "queued", "--queue", "services", "--detach");
  expect(queued).toMatchObject({ code: 0, stdout: "queued (again) waits for an agent\n" });
  expect(queued.stderr).toContain("no living agent serves");
  const resumed = await reprise(["--store", store(), "resume", "queued", "--json"], { cwd, env: { DIARY: diary } });
  expect(resumed.stdout).toContain('"status":"completed"');
  expect(ran()).toEqual(["check"]);
  expect(await run("rerun", "first", "--detach")).toMatchObject({ code: 2 });
});

test("in a graph that a program puts together, what reads the step's output runs again", {
  timeout: 60_000,
}, async () => {
  const file = join(cwd, "graph.ts");
  expect(await run("run", file, "--id", "graph")).toMatchObject({ code: 0 });
  ran();
  expect(await run("rerun", "graph", "--from", "rows", "--id", "graph2")).toMatchObject({ code: 0 });
  expect(ran()).toEqual(["check", "load"]);
  expect((await run("task", "why", "graph2")).stdout).toContain("taken from graph/aside");
});

test("from a program a run is done again with its type", async () => {
  await using program = await open({ store: store(), isolation: "inline" });
  const again = await program.rerun("first", { from: "check", params: { note: "from a program" } });
  expect(await again.result()).toBe(2.5);
  expect(ran()).toEqual(["check"]);
  const typed = (earlier: Run<number>) => program.rerun(earlier, { from: "check" });
  expectTypeOf(typed).returns.resolves.toEqualTypeOf<Run<number>>();
  await expect(program.rerun("none")).rejects.toThrow('there is no run "none"');
});
