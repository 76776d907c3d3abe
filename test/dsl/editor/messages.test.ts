/** What TypeScript says where a program is wrong. It is asked once, for all of them; each is one line of a file of its own. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectsFolder, typeErrors, writeProject } from "../../docs/project.ts";

type Wrong = [code: string, message: string];

const notAsync = (noun: string) => `"a ${noun} is an async function: write async () => …"`;
const notOneObject = (noun: string) =>
  `"a ${noun} takes one object, or nothing: write async ({ a, b }: { a: A; b: B }) => …"`;

const functions: Wrong[] = [
  ["step(() => 1);", notAsync("step")],
  ['step({ queue: "gpu" }, (row: Row) => row);', notAsync("step")],
  ["step.retry(2)((row: Row) => row);", notAsync("step")],
  ["pipeline(() => 1);", notAsync("pipeline")],
  ['pipeline("nightly", () => 1);', notAsync("pipeline")],
  ['pipeline.timeLimit("1h")({ name: "nightly" }, () => 1);', notAsync("pipeline")],
  ["step(async (depth: number) => depth);", notOneObject("step")],
  ["step({ retry: 1 }, async (row: Row, depth: number) => [row, depth]);", notOneObject("step")],
  ['pipeline("nightly", async (depth: number) => depth);', notOneObject("pipeline")],
  ["step(async (input) => input);", "Parameter 'input' implicitly has an 'any' type."],
  ['step({ queu: "gpu" }, async () => 1);', "'queu' does not exist in type 'Options'. Did you mean to write 'queue'?"],
  ['pipeline({ queu: "gpu" }, async () => 1);', '"these are neither name nor options of a pipeline"'],
  ['pipeline({ queue: "gpu", retri: 2 }, async () => 1);', '"these are neither name nor options of a pipeline"'],
  ["pipeline({ queue: 1 }, async () => 1);", '"these are neither name nor options of a pipeline"'],
  ["pipeline(load, async () => 1);", '"these are neither name nor options of a pipeline"'],
  ["pipeline([], async () => 1);", '"these are neither name nor options of a pipeline"'],
  ["pipeline(5, async () => 1);", "Argument of type '5' is not assignable to parameter of type 'never'."],
  ['step.timeLimit("1 hour");', `'"1 hour"' is not assignable to parameter of type 'Duration'.`],
  ['step.type("anything");', `'"anything"' is not assignable to parameter of type '"application" | "controller" |`],
  ['withOptions(fit, { queu: "gpu" });', "'queu' does not exist in type 'Options'. Did you mean to write 'queue'?"],
];

const calls: Wrong[] = [
  ["fit();", "Expected 1 arguments, but got 0."],
  ["fit({ depth: 1 });", "Property 'rows' is missing"],
  ["fit({ rows: [], deep: 1 });", "'deep' does not exist in type '{ rows: Row[]; depth?: number | undefined; }'."],
  ['fit({ rows: "a" });', "Type 'string' is not assignable to type 'Row[]'."],
  [
    "(await fit({ rows: [] })).scor;",
    "Property 'scor' does not exist on type '{ score: number; }'. Did you mean 'score'?",
  ],
  ['start(fit, { rows: "a" });', "Type 'string' is not assignable to type 'Row[]'."],
  ["start(fit, { rows: [] }).stop();", "Property 'stop' does not exist on type 'Handle<{ score: number; }>'."],
  ["detach(fit);", "is not assignable to parameter of type 'Promise<unknown>'."],
  ['signal("a", { timeLimit: "2 days" });', `'"2 days"' is not assignable to type 'Duration | undefined'.`],
];

const inClass = (members: string) => `export class Wrong { ${members} }`;
const classes: Wrong[] = [
  [inClass("@step sync() { return 1; }"), notAsync("step")],
  [inClass("@step({ retry: 1 }) async *many() { yield 1; }"), notAsync("step")],
  [inClass("@step async number(n: number) { return n; }"), notOneObject("step")],
  [inClass("@step.retry(1) async two(row: Row, n: number) { return [row, n]; }"), notOneObject("step")],
  [inClass('@step({ queu: "gpu" }) async one() {}'), '"these are no options of a step, and no async function'],
  [
    inClass("@step async one() {} async run() { await this.ones(); }"),
    "Property 'ones' does not exist on type 'Wrong'",
  ],
  [
    inClass("@step async one(row: Row) { return row; } async run() { await this.one({ depth: true }); }"),
    "Type 'boolean' is not assignable to type 'number'.",
  ],
  [
    `@pipeline ${inClass("async runs() {}")}`,
    '"the class of a pipeline has a method run, the body: async run({ a }: { a: A }) { … }"',
  ],
  [`@pipeline("nightly") ${inClass("run() {}")}`, notAsync("pipeline")],
  [`@pipeline({ tags: [] }) ${inClass("async run(n: number) { return n; }")}`, notOneObject("pipeline")],
  [
    `@pipeline ${inClass("constructor(n: number) { void n; } async run() {}")}`,
    '"the class of a pipeline is made without arguments: pass them to run as params"',
  ],
];

const graphs: Wrong[] = [
  ["data.tran;", "Property 'tran' does not exist on type 'Ref<{ train: Row[]; at: Date; }>'. Did you mean 'train'?"],
  ["data.train.map;", "Property 'map' does not exist on type 'Ref<Row[]>'."],
  ['g.step("a", fit);', "Expected 3 arguments, but got 2."],
  ['g.step("a", load, {});', "Expected 2 arguments, but got 3."],
  ['g.step("a", fit, { depth: 1 });', "Property 'rows' is missing"],
  ['g.step("a", fit, { rows: data.train, deep: 1 });', "'deep' does not exist in type 'Given<{ rows: Row[];"],
  ['g.step("a", fit, { rows: data.at });', "Type 'Reference<Date>' is not assignable to type 'Given<Row[]>'."],
  [
    'g.step("a", fit, { rows: data.train, depth: "1" });',
    "Type 'string' is not assignable to type 'Given<number | undefined>'.",
  ],
  ['g.step("a", ({ a }: { a: number }) => a, { a: 1 });', notAsync("step")],
  [
    'g.each("a", data.train, fit, (row) => ({ rows: row }));',
    "Type 'Ref<Row>' is not assignable to type 'Given<Row[]>'.",
  ],
  ['g.branch("a", "yes", { then: () => 1 });', `'"yes"' is not assignable to parameter of type 'Given<boolean>'.`],
  [
    'g.loop("a", { state: { n: 1 }, while: () => true, body: () => ({ n: "1" }) });',
    "Type 'string' is not assignable to type 'Given<number> | undefined'.",
  ],
  ["data.train.length < 1;", "Operator '<' cannot be applied to types 'Reference<number>' and 'number'."],
  ["and(data.train.length);", "Type 'Reference<number>' is not assignable to type 'Reference<boolean>'."],
];

const doors = { functions, calls, classes, graphs };

const common = `import { and, detach, pipeline, signal, start, step, withOptions } from "reprise";
import { data, fit, g, load, type Row } from "./steps.ts";
export type { Row };
export const imported = [and, data, detach, fit, g, load, pipeline, signal, start, step, withOptions];
`;
const steps = `import { pipeline, step } from "reprise";
export type Row = { depth: number; label?: string };
export const fit = step(async ({ rows, depth = 1 }: { rows: Row[]; depth?: number }) => ({ score: rows.length / depth }));
export const load = step(async () => ({ train: [] as Row[], at: new Date(0) }));
export const g = pipeline.graph("graph");
export const data = g.step("data", load);
`;

const root = projectsFolder();
const said = new Map<string, string>();

beforeAll(async () => {
  const files = Object.entries(doors).flatMap(([door, wrongs]) =>
    wrongs.map(([code], i) => ({ path: `${door}-${i}.ts`, code: `${common}${code}\n` })),
  );
  writeProject(root, [...files, { path: "steps.ts", code: steps }]);
  for (const message of await typeErrors(root)) {
    const file = message.slice(0, message.indexOf("("));
    said.set(file, `${said.get(file) ?? ""}${message}\n`);
  }
}, 240_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(Object.keys(doors) as (keyof typeof doors)[])("%s", (door) => {
  it.each(doors[door].map(([code, message], i) => ({ code, message, file: `${door}-${i}.ts` })))("$code", (wrong) => {
    expect(said.get(wrong.file)).toContain(wrong.message);
  });
});

it("says nothing of what is right", () => {
  expect(said.get("steps.ts")).toBeUndefined();
});
