import { expect, it } from "vitest";
import { maxDepth, parseJson } from "../../../src/model/json.ts";
import { compiled, problemsOf } from "../project.ts";

const body = (lines: string, top = "") => `import { pipeline, step } from "reprise";
${top}
const load = step(async () => 1);
export default pipeline("deep", async ({ n }: { n: number }) => {
${lines}
});
`;

const ifs = (deep: number) => `${"if (n > 0) { ".repeat(deep)}await load();${" }".repeat(deep)}`;
const sum = (long: number) => Array(long).fill("n").join(" + ");
const array = (deep: number) => "[".repeat(deep) + "]".repeat(deep);

/** Each a little deeper than its JSON may be, than the bound of syntax, than the checker's stack, than the parser's. */
it.each([
  ["ifs", body(ifs(100)), 5],
  ["ifs", body(ifs(4_000)), 5],
  ["a long sum", body(`return ${sum(2_000)};`), 5],
  ["arrays", body(`const nest: unknown = ${array(200)}; return nest;`), 5],
  ["arrays", body(`const nest = ${array(4_000)}; return nest.length;`), 5],
  ["parentheses", body(`return ${"(".repeat(10_000)}n${")".repeat(10_000)};`), 5],
  ["operators", body(`return ${"!".repeat(4_000)}n;`), 5],
  ["elses", body(`${"if (n > 0) { await load(); } else ".repeat(4_000)}{}`), 5],
  ["arrows", body(`return ${"(() => ".repeat(300)}1${")()".repeat(300)};`), 5],
  ["a type", body(`const x: ${"{ a: ".repeat(4_000)}1${" }".repeat(4_000)} | undefined = undefined; return x;`), 5],
  ["a constant of the module", body("return total.length;", `const total = ${array(1_000)};`), 2],
  ["a function of the module", body("return total(n);", `const total = (n: number) => ${sum(1_000)};`), 2],
] as const)("%s that are nested too deep are a problem", async (_, program, line) => {
  const problems = await problemsOf(program);
  expect(problems.map(({ number }) => number)).toEqual(["RP1016"]);
  expect(problems[0]?.message).toContain(`${maxDepth}`);
  expect(problems[0]?.place).toMatch(new RegExp(`^pipeline.ts:${line}:`));
  expect(Math.max(...(problems[0]?.frame ?? "").split("\n").map((row) => row.length))).toBeLessThan(250);
});

it("what is as deep as it may be is read back", async () => {
  const { text } = await compiled(
    body(`${ifs(90)} const nest: unknown = ${array(180)}; return [nest, ${sum(380)}].length;`),
  );
  expect(() => parseJson(text)).not.toThrow();
});

it("a step's own code may be nested deeper", async () => {
  const { text } = await compiled(
    body("return await total({ n });", `const total = step(async ({ n }: { n: number }) => ${sum(1_000)});`),
  );
  expect(text).toContain("n + n");
});
