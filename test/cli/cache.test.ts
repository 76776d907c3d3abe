/** The cache, provenance and care of the store, by the real command line. */
import { rmSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { projectFolder, reprise } from "./command-line.ts";

const cwd = projectFolder({
  "pipeline.ts": `import { pipeline, step } from "reprise";
export const double = step.cache()(async ({ n }: { n: number }) => n * 2);
export default pipeline("cached", async ({ n = 1 }: { n?: number }) => await double({ n }));
`,
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = async (...args: string[]) => {
  const ran = await reprise(args, { cwd });
  if (ran.code !== 0) throw new Error(`reprise ${args.join(" ")}: ${ran.stderr}`);
  return ran.stdout;
};

test("a second run is taken from the cache, and each task says why it ran or not", { timeout: 120_000 }, async () => {
  expect(await run("run", "pipeline.ts", "--id", "first")).toMatch(/✓ double \d/);
  expect(await run("run", "pipeline.ts", "--id", "second")).toContain("✓ double cached from first/double");
  expect(await run("run", "pipeline.ts", "--id", "other", "--param", "n=2")).not.toContain("cached from");
  expect(await run("run", "pipeline.ts", "--id", "again", "--refresh", "double")).not.toContain("cached from");

  expect(await run("task", "why", "first/double")).toContain("it ran: no completed task of its step was kept");
  expect(await run("task", "why", "second/double")).toContain(
    "taken from the cache: first/double had the same code, input, configuration, and environment",
  );
  expect(await run("task", "why", "other/double")).toMatch(
    /it ran: its input is not that of first\/double.*; the same code, configuration, and environment\n {4}n: 1 → 2/,
  );
  expect(await run("task", "why", "again/double")).toContain("it ran: the run was started with --refresh");
  expect(JSON.parse(await run("task", "why", "second/double", "--json"))).toEqual({
    task: "second/double",
    cache: { outcome: "hit", from: "first/double" },
  });
  expect(await run("task", "why", "second")).toContain("second/double\n  taken from the cache: first/double");
  expect(JSON.parse(await run("task", "why", "again", "--json"))).toEqual([
    { task: "again/double", cache: { outcome: "miss", reason: "refresh" } },
  ]);
  expect(await run("task", "show", "second/double")).toContain("(from the cache: reprise task why says more)");
  expect(JSON.parse(await run("task", "show", "first", "--json"))).toMatchObject({
    provenance: { node: process.versions.node },
  });

  const wrong = await reprise(["run", "pipeline.ts", "--refresh", "duoble"], { cwd });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "double"?') });

  const trial = JSON.parse(await run("prune", "--older-than", "0ms", "--dry-run", "--json"));
  expect(trial.tasks.toSorted()).toEqual(["again", "first", "other", "second"]);
  expect(await run("prune", "--older-than", "0ms")).toContain("removed 4 runs");
  expect(await run("run", "pipeline.ts", "--id", "first")).not.toContain("cached from");
  expect(await reprise(["prune", "--older-than", "soon"], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--older-than: "soon" is not a duration'),
  });
});
