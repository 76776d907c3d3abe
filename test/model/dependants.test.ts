/** Which calls depend on others, by the graph alone. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { callOf, dependants } from "../../src/model/dependants.ts";
import { isAmong, unnumbered, within } from "../../src/model/rerun.ts";
import { projectFolder } from "../cli/command-line.ts";

const bodies: Record<string, string> = {
  values: `const a = await one(); const b = await two({ n: a }); const c = await three({ n: 1 }); await four({ n: c }); return b;`,
  aliases: `const box = { n: 0 }; const same = box; same.n = await one(); await two({ n: box.n }); await three({ n: 1 });`,
  decisions: `const a = await one(); if (a > 1) await two({ n: 1 }); else await three({ n: 1 }); await four({ n: 1 });`,
  "a way out": `const a = await one(); if (a > 1) return 0; await two({ n: 1 });`,
  loops: `let a = 0; while (a < 3) { a = await one(); await two({ n: 1 }); } await three({ n: 1 });`,
  "left loops": `await three({ n: 1 }); for (let i = 0; i < 3; i++) { await two({ n: i }); const a = await one(); if (a > i) break; } await four({ n: 1 });`,
  errors: `try { await one(); } catch { await two({ n: 1 }); } finally { await three({ n: 1 }); }`,
  functions: `const f = async (n: number) => await two({ n: n }); const a = await one(); await f(a); const g = async () => await three({ n: 1 }); await g();`,
  "functions that are driven": `const f = async () => await two({ n: 1 }); if ((await one()) > 1) await f(); await three({ n: 1 });`,
  "what functions give": `const f = async () => await one(); const a = await f(); await two({ n: a }); await three({ n: 1 });`,
  "fan-outs": `const list = [1, 2, await one()]; await Promise.all(list.map(async (n) => await two({ n: n }))); await Promise.all([1].map(async (n) => await three({ n: n })));`,
  "at the same time": `const [a, b] = await Promise.all([one(), three({ n: 1 })]); await two({ n: a }); await four({ n: b });`,
};

let cwd: string;
beforeAll(() => {
  const steps = ["two", "three", "four"].map((name) => `const ${name} = step(async ({ n }: { n: number }) => n);`);
  const pipelines = Object.entries(bodies).map(
    ([name, body], i) => `export const p${i} = pipeline("${name}", async () => { ${body} });`,
  );
  cwd = projectFolder({
    "pipeline.ts": `import { pipeline, step } from "reprise";\nconst one = step(async () => 1);\n${steps.join("\n")}\n${pipelines.join("\n")}\n`,
  });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test.each([
  ["values", ["two"]],
  ["aliases", ["two"]],
  ["decisions", ["two", "three"]],
  ["a way out", ["two"]],
  ["loops", ["one", "two"]],
  ["left loops", ["one", "two", "four"]],
  ["errors", ["two"]],
  ["functions", ["two"]],
  ["functions that are driven", ["two"]],
  ["what functions give", ["two"]],
  ["fan-outs", ["two"]],
  ["at the same time", ["two"]],
])("%s: on the first step depend %j", { timeout: 60_000 }, async (name, expected) => {
  const { graph } = (await compile(join(cwd, "pipeline.ts"), { pipeline: name })).pipeline;
  const calls = callsIn(graph);
  const sources = new Set(calls.filter(({ template }) => template === "one").map(({ call }) => call));
  const found = dependants(graph, sources);
  const names = calls.filter(({ call }) => found.has(call)).map(({ template }) => template);
  expect([...new Set(names)].toSorted()).toEqual(expected.toSorted());
});

test("a call is known by its function, loops without numbers, and no attempt of the pipeline", () => {
  expect(callOf("loop1[3]/fit")).toBe("loop1/fit");
  expect(callOf("[2]/loop1[3]/twice#2/inc")).toBe("twice#/inc");
});

test("a path without numbers stands for all of them, and one in a pipeline that was called for its own", () => {
  expect(unnumbered("[2]/loop1[3]/twice#2/inc")).toBe("loop1/twice/inc");
  expect(isAmong(["loop1/fit"], "loop1[2]/fit")).toBe(true);
  expect(isAmong(["loop1[3]/fit"], "loop1[2]/fit")).toBe(false);
  expect(within(["prepare/fit", "loop1[1]/prepare/load", "fit"], "loop1[1]/prepare")).toEqual(["load"]);
  expect(within(["prepare/fit"], "prepare")).toEqual(["fit"]);
});

/** Every call of a step, as `callOf` names it. */
function callsIn(part: unknown, path = ""): { call: string; template: string }[] {
  if (Array.isArray(part)) return part.flatMap((each) => callsIn(each, path));
  if (typeof part !== "object" || part === null) return [];
  const { kind, id, template } = part as { kind?: string; id?: string; template?: string };
  if (kind === "call" && template !== undefined) return [{ call: path + id, template }];
  if (kind === "function")
    return callsIn(
      (part as { function: { nodes: unknown } }).function.nodes,
      `${(part as { function: { id: string } }).function.id}#/`,
    );
  const inside = kind === "loop" || kind === "each" ? `${path}${id}/` : path;
  return Object.values(part).flatMap((each) => callsIn(each, inside));
}
