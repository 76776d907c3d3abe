/** What TypeScript says of a builder's mistakes: one line each, in the words of the author's own types. */
import { expect, test } from "vitest";
import { problemsOf } from "../project.ts";

const head = `import { lt, pipeline, step } from "reprise";
type Row = { depth: number };
const split = step(async ({ seed }: { seed: number }) => ({ train: [{ depth: seed }] as Row[], at: new Date(0) }));
const fit = step(async ({ rows, depth = 1 }: { rows: Row[]; depth?: number }) => ({ score: rows.length / depth }));
const load = step(async () => "text");
const g = pipeline.graph<{ seed: number }, { score: number }>("wrong");
const data = g.step("data", split, { seed: 1 });
`;

/** The mistake, and the first line of what is said of it. */
const mistakes: [what: string, code: string, says: string][] = [
  [
    "a wrong name",
    "data.tran;",
    "Property 'tran' does not exist on type 'Ref<{ train: Row[]; at: Date; }>'. Did you mean 'train'?",
  ],
  [
    "a missing input",
    'g.step("b", fit, { depth: 1 });',
    "Argument of type '{ depth: number; }' is not assignable to parameter of type 'Given<{ rows: Row[]; depth?: number | undefined; }>'.",
  ],
  ["no input at all", 'g.step("c", fit);', "Expected 3 arguments, but got 2."],
  [
    "an excess field",
    'g.step("d", fit, { rows: data.train, deep: 1 });',
    "Object literal may only specify known properties, and 'deep' does not exist in type 'Given<{ rows: Row[]; depth?: number | undefined; }>'.",
  ],
  ["an excess input", 'g.step("e", load, {});', "Expected 2 arguments, but got 3."],
  [
    "a reference of a wrong type",
    'g.step("f", fit, { rows: data.at });',
    "Type 'Reference<Date>' is not assignable to type 'Given<Row[]>'.",
  ],
  [
    "a value of a wrong type",
    'g.step("h", fit, { rows: data.train, depth: "1" });',
    "Type 'string' is not assignable to type 'Given<number | undefined>'.",
  ],
  [
    "an item of a wrong type",
    'g.each("i", data.train, fit, (row) => ({ rows: row }));',
    "Type 'Ref<Row>' is not assignable to type 'Given<Row[]>'.",
  ],
  [
    "a condition of a wrong type",
    'g.branch("j", data.train, { then: () => 1 });',
    "Argument of type 'Ref<Row[]>' is not assignable to parameter of type 'Given<boolean>'.",
  ],
  [
    "a state of a wrong type",
    'g.loop("k", { state: { n: 1 }, while: ({ n }) => lt(n, 2), body: () => ({ n: "1" }) });',
    "Type 'string' is not assignable to type 'Given<number> | undefined'.",
  ],
  [
    "no duration",
    'g.sleep("l", "ten minutes");',
    "Argument of type '\"ten minutes\"' is not assignable to parameter of type 'Given<Duration>'.",
  ],
  [
    "a result of a wrong type",
    'g.returns({ score: "1" });',
    "Type 'string' is not assignable to type 'Given<number>'.",
  ],
];

test("each mistake is said in one line that names it, at its place", async () => {
  const problems = await problemsOf(`${head}${mistakes.map(([, code]) => code).join("\n")}\nexport default g;\n`);
  const first = head.split("\n").length;
  const said = problems.flatMap(({ place, message, number }) =>
    number.startsWith("TS") ? [{ line: Number(place.split(":")[1]) - first, text: message.split("\n")[0] }] : [],
  );
  expect(said.map(({ line, text }) => [mistakes[line]?.[0], text])).toEqual(
    mistakes.map(([what, , says]) => [what, says]),
  );
});

test("a function that is no step says what is missing", async () => {
  const problems = await problemsOf(`${head}g.step("a", ({ a }: { a: number }) => a, { a: 1 });\nexport default g;\n`);
  expect(problems.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('"a" takes a step or a pipeline: make the function a step first, by step(async …)'),
  );
});
