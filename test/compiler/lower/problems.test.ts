import { describe, expect, it } from "vitest";
import { lowered } from "./harness.ts";

const numbers = (body: string, outside = "") =>
  lowered(`${outside}\nasync function body(n: number) { ${body} }`).problems.map((problem) => problem.number);

describe("a body that holds what cannot be lowered", () => {
  it.each([
    ["a global with a side effect", "await a(); console.log(n);", "RP3002"],
    ["the clock of the process", "return process.env;", "RP3002"],
    ["a member that is not in the list", "return [1].toLocaleString();", "RP3004"],
    ["a prototype", "return ({} as any).constructor;", "RP3004"],
    ["a dropped promise", "a(n);", "RP3005"],
    ["a dropped promise behind void", "void a(n);", "RP3005"],
    ["a dropped promise of a local function", "const f = async () => a(n); f();", "RP3005"],
    ["a promise of which only one end is heard", "a(n).then(() => {});", "RP3005"],
    ["a promise whose failure alone is heard", "a(n).catch(() => {});", "RP3005"],
    ["a class", "class X {} return 1;", "RP3009"],
    ["var", "var x = 1; return x;", "RP3009"],
    ["this", "return (this as any).x;", "RP3010"],
    ["a getter", "return { get x() { return 1; } };", "RP3010"],
    ["a generator", "function* f() { yield 1; } return [...f()];", "RP3010"],
    ["a step called in a parameter's default", "const f = async (x = a(1)) => x; return f();", "RP3011"],
    ["two arguments for a step", "return await (a as (...inputs: number[]) => Promise<number>)(1, 2);", "RP3013"],
  ])("%s: a problem", (_, body, number) => {
    expect(numbers(body)).toContain(number);
  });

  it.each([
    ["a variable of the module that changes", "return count;", "let count = 0;", "RP3007"],
    ["a change of a constant of the module", "list.push(n);", "const list: number[] = [];", "RP3008"],
    ["a change deep in a constant of the module", "table.a.b = n;", "const table = { a: { b: 1 } };", "RP3008"],
    ["an assignment to a variable of the module", "count = n;", "let count = 0;", "RP3008"],
    ["a class of one's own", "return new Mine();", "class Mine {}", "RP3014"],
    ["instanceof a class of one's own", "return ({}) instanceof Mine;", "class Mine {}", "RP3014"],
    ["a constant that waits", "return x;", "const x = await a(1);", "RP3011"],
  ])("%s: a problem", (_, body, outside, number) => {
    expect(numbers(body, outside)).toContain(number);
  });

  it("reports all problems at once, in the order of the source", () => {
    expect(numbers("console.log(1); a(n); var x = 1; return x;")).toEqual(["RP3002", "RP3005", "RP3009"]);
  });

  it("says what is wrong, where, and how to mend it", () => {
    const [problem] = lowered("async function body(n: number) {\n  a(n);\n}").problems;
    expect(problem?.place).toMatch(/^body\.ts:3:3$/);
    expect(problem?.message).toMatch(/dropped/);
    expect(problem?.remedy).toMatch(/await/);
    expect(problem?.frame).toContain("a(n);");
  });
});

describe("a body that holds only what can be lowered", () => {
  it.each([
    [
      "types and assertions",
      "interface X { v: number } type Y = X; const y = { v: n } as Y satisfies X; return y!.v;",
      "",
    ],
    ["an enum of the module", "return Mode.fast === n ? Mode[0] : Mode.fast;", "enum Mode { slow, fast }"],
    ["an unused class of the module", "return n;", "class Mine {}"],
    ["a kept promise that nobody awaits", "const p = a(n); return n;", ""],
    [
      "a promise both of whose ends are heard",
      "const seen = []; a(n).then((x) => { seen.push(x); }, () => {}); return seen;",
      "",
    ],
    [
      "a chain that ends in a catch and a finally",
      "a(n).then(() => {}).catch(() => {}).finally(() => {}); return n;",
      "",
    ],
    ["an async forEach", "[1].forEach(async (x) => { await a(x); });", ""],
    [
      "a change of an object of one's own",
      "const mine = structuredClone(table); mine.x = n; return mine;",
      "const table = { x: 1 };",
    ],
  ])("%s: no problem", (_, body, outside) => {
    expect(numbers(body, outside)).toEqual([]);
  });
});
