/** Two runs side by side. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { widthOf } from "../../src/cli/view/text.ts";
import { projectFolder } from "./command-line.ts";
import { said } from "./in-process.ts";

const pipeline = `import { pipeline, step } from "reprise";
export const rows = step(async ({ many }: { many: number }) => Array.from({ length: many }, (_, i) => ({ row: i })));
export const fit = step(async ({ rows, depth }: { rows: { row: number }[]; depth: number }) => ({ accuracy: depth * rows.length }));
export const publish = step(async ({ accuracy }: { accuracy: number }) => {
  if (accuracy === 7) throw new RangeError("too good to be true");
});
export default pipeline("compared", async ({ many = 3, turns = 1 }: { many?: number; turns?: number }) => {
  const data = await rows({ many });
  let depth = 0;
  let best = { accuracy: 0 };
  while (depth < turns) {
    depth += 1;
    best = await fit({ rows: data, depth });
  }
  await publish({ accuracy: best.accuracy });
  return best;
});
`;

let cwd: string;
const run = (...args: string[]) => said("--store", join(cwd, "store"), ...args);

beforeAll(async () => {
  cwd = projectFolder({ "pipeline.ts": pipeline });
  const file = join(cwd, "pipeline.ts");
  const start = (id: string, ...params: string[]) =>
    run("run", file, "--id", id, ...params.flatMap((one) => ["--param", one]));
  expect(await start("one")).toMatchObject({ code: 0 });
  expect(await start("same")).toMatchObject({ code: 0 });
  expect(await start("more", "many=5000", "turns=2")).toMatchObject({ code: 0 });
  expect(await start("bad", "many=7")).toMatchObject({ code: 1 });
  writeFileSync(file, readFileSync(file, "utf8").replace("depth * rows.length", "depth / rows.length"));
  expect(await start("edited")).toMatchObject({ code: 0 });
}, 60_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test("two runs of the same with the same: nothing but the time is another", async () => {
  const { code, stdout } = await run("diff", "one", "same");
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^ +one +same\nstatus +completed +completed\ntime .*\n\nthe same calls, inputs, outputs and decisions\n$/,
    ),
  });
});

test("other params, another way, other calls, in 80 columns", async () => {
  const { stdout } = await run("diff", "one", "more");
  expect(stdout).toMatch(/params\.many +– +5000\n/);
  expect(stdout).toMatch(/result\.accuracy +3 +10000\n/);
  expect(stdout).toContain("Calls (0 calls the same)\n  + loop1[2]/best (fit): only in more\n");
  expect(stdout).toMatch(
    /~ data \(rows\)\n {6}input many: 3 → 5000\n {6}output\n {8}\[ \{ row: 0 \}, .*\n {8}→ \[ .*… \([\d.]+ KB, sha256:[0-9a-f]{12}\)\n/,
  );
  expect(stdout).toMatch(/~ loop1\[2\]\n {6}depth 1 < turns 1 is false → done .*\n {6}depth 1 < turns 2 → again/);
  for (const line of stdout.split("\n")) expect(widthOf(line), line).toBeLessThanOrEqual(80);
});

test("a large value is short words, with its size and its hash", async () => {
  const { calls } = JSON.parse((await run("diff", "one", "more", "--json")).stdout);
  const { input } = calls.changed.find(({ path }: { path: string }) => path === "loop1[1]/best");
  expect(input).toEqual([
    {
      field: "rows",
      before: "[ { row: 0 }, { row: 1 }, { row: 2 } ]",
      after: expect.stringMatching(/^\[ .*… \([\d.]+ KB, sha256:[0-9a-f]{12}\)$/),
    },
  ]);
});

test("what failed says so, and a step whose code changed is named", async () => {
  expect((await run("diff", "one", "bad")).stdout).toMatch(/error +– +RangeError: too good to be true\n/);
  expect((await run("diff", "one", "bad")).stdout).toContain("~ publish: completed → failed");
  const { stdout } = await run("diff", "one", "edited");
  expect(stdout).toContain("\nCode\n  ~ the step fit: its code changed\n");
  expect(stdout).toContain("  ~ loop1[1]/best (fit)\n      output accuracy: 3 → 0.3333333333333333\n");
  expect(JSON.parse((await run("diff", "one", "edited", "--json")).stdout)).toMatchObject({
    before: { run: "one", status: "completed" },
    code: ["~ the step fit: its code changed"],
    calls: { same: 1, only: { before: [], after: [] } },
  });
});

test("a run that is not there is refused", async () => {
  expect(await run("diff", "one", "moer")).toMatchObject({ code: 2, stderr: expect.stringContaining("Is it more?") });
});
