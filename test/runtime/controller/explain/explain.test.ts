import { describe, expect, test } from "vitest";
import type { Expression } from "../../../../src/model/expression.ts";
import type { Node } from "../../../../src/model/node.ts";
import { explain } from "../../../../src/runtime/controller/explain/explain.ts";
import { load } from "../../../../src/runtime/controller/graph/load.ts";
import { lowered } from "../../../compiler/lower/harness.ts";
import { decided, reason } from "./decided.ts";

const i = { kind: "variable", name: "i" } as const;
const wait: Node = { kind: "await", id: "wait", value: 1 };
/** Ten thousand times nothing. */
const ones: Expression = {
  kind: "apply",
  callee: {
    kind: "member",
    of: { kind: "apply", callee: { kind: "global", name: "Array" }, args: [10_000] },
    key: "fill",
  },
  args: [1],
};

describe("a test in words", () => {
  test.each<[test: string, given: Record<string, unknown>, words: string]>([
    ["accuracy < target", { accuracy: 0.871, target: 0.95 }, "accuracy 0.871 < target 0.95 → then"],
    ["accuracy < target", { accuracy: 0.97, target: 0.95 }, "accuracy 0.97 < target 0.95 is false → else"],
    ["n % 2 === 0", { n: 3 }, "n 3 % 2 === 0 is false → else"],
    ["score.ok", { score: { ok: true } }, "score.ok is true → then"],
    ["!score.ok", { score: { ok: false } }, "score.ok is false → then"],
    ["!(a1 < b1)", { a1: 1, b1: 2 }, "a1 1 < b1 2 → else"],
    ["name", { name: "" }, 'name is "" → else'],
    ["rows.length", { rows: [1, 2] }, "rows.length is 2 → then"],
    ["best === undefined", { best: undefined }, "best undefined === undefined → then"],
    ["best == null", { best: null }, "best null == null → then"],
    ['typeof x === "number"', { x: 3 }, 'typeof x "number" === "number" → then'],
    ["-x < 0", { x: 3 }, "-x -3 < 0 → then"],
    ["x < -1", { x: -2 }, "x -2 < -1 → then"],
    ["names.includes(name)", { names: ["ann"], name: "ann" }, 'names.includes(name "ann") is true → then'],
    ["Math.max(x, y) > 3", { x: 1, y: 5 }, "Math.max(x 1, y 5) 5 > 3 → then"],
    ["rows.some((row) => row > limit)", { rows: [1, 9], limit: 3 }, "rows.some((row) => row > limit) is true → then"],
    ["score?.ok", { score: undefined }, "score?.ok is undefined → else"],
    ["rows[i] > 1", { rows: [1, 2], i: 1 }, "rows[i] 2 > 1 → then"],
    ["rows", { rows: [1, 2] }, "rows is Array(2) → then"],
    ["x === y", { x: {}, y: new Map([[1, 2]]) }, "x {} === y Map(1) is false → else"],
    ["x === y", { x: { n: 1 }, y: undefined }, "x {…} === y undefined is false → else"],
    ["error instanceof RangeError", { error: new RangeError("no") }, "error RangeError instanceof RangeError → then"],
    ["big > 5n", { big: 7n }, "big 7n > 5n → then"],
    ["(x ?? y) > 1", { x: undefined, y: 2 }, "(x undefined ?? y 2) > 1 → then"],
    ["x > 1 ? y : false", { x: 2, y: true }, "x 2 > 1 ? y true : false is true → then"],
    ["true", {}, "true is true → then"],
  ])("%s of %o", async (source, given, words) => {
    expect(await reason(source, given)).toBe(words);
  });

  test.each<[test: string, given: Record<string, unknown>, words: string]>([
    ["x < 1 && y < 2", { x: 0, y: 1 }, "x 0 < 1 && y 1 < 2 → then"],
    ["x < 1 && y < 2", { x: 0, y: 2 }, "y 2 < 2 is false → else"],
    ["x < 1 && y < 2", { x: 1, y: 1 }, "x 1 < 1 is false → else"],
    ["x < 1 || y < 2", { x: 0, y: 9 }, "x 0 < 1 → then"],
    ["x < 1 || y < 2", { x: 1, y: 1 }, "y 1 < 2 → then"],
    ["x < 1 || y < 2", { x: 1, y: 2 }, "x 1 < 1 is false && y 2 < 2 is false → else"],
    ["!(x || y) && z", { x: 0, y: false, z: 1 }, "x is 0 && y is false && z is 1 → then"],
  ])("%s of %o says only what decided", async (source, given, words) => {
    expect(await reason(source, given)).toBe(words);
  });

  test("numbers have few digits, but as many as tell them apart", async () => {
    expect(await reason("x < y", { x: 1 / 3, y: 2 / 3 })).toBe("x 0.3333 < y 0.6667 → then");
    expect(await reason("x < y", { x: 0.94999996, y: 0.95 })).toBe("x 0.94999996 < y 0.95 → then");
    expect(await reason("x < 0.95", { x: 0.950004 })).toBe("x 0.950004 < 0.95 is false → else");
    expect(await reason("x < y", { x: 1234567, y: 1e21 })).toBe("x 1234567 < y 1e+21 → then");
    expect(await reason("x < y", { x: Number.NaN, y: -0.5 })).toBe("x NaN < y -0.5 is false → else");
  });

  test("long texts are cut, and so is a long reason", async () => {
    expect(await reason("text", { text: "y".repeat(100) })).toBe(`text is "${"y".repeat(23)}…" → then`);
    expect(await reason("text", { text: "a\nb" })).toBe('text is "a\\nb" → then');
    const words = await reason(Array.from({ length: 60 }, (_, i) => `x > ${i}`).join(" && "), { x: 99 });
    expect(words).toMatch(/^x 99 > 0 && .*… → then$/);
    expect(words.length).toBeLessThan(220);
  });

  test("what was awaited is named as the author wrote it", async () => {
    expect(await reason("await fit(x) > 2", { x: 3 })).toBe("await fit(x) 3 > 2 → then");
    expect(await reason("(await fit({ x })).x > 2", { x: 3 })).toBe("(await fit({ x })).x 3 > 2 → then");
    expect(await reason("x + (await fit(x)) > 9", { x: 3 })).toBe("x 3 + await fit(x) 3 > 9 is false → else");
  });

  test("a side that waits is a decision of its own", async () => {
    const source = "async function body({ x }: any) { if (x > 1 && (await fit(x))) await a(1); }";
    expect(await decided(source, { x: 2 })).toEqual([
      "if1: x 2 > 1 → then",
      "if2: x 2 > 1 && await fit(x) is 2 → then",
    ]);
    expect(await decided(source, { x: 0 })).toEqual([
      "if1: x 0 > 1 is false → skipped",
      "if2: x 0 > 1 is false → skipped",
    ]);
    expect(await decided("async function body({ x }: any) { return x ?? (await fit(1)); }", {})).toEqual([
      "if1: x undefined == null → then",
    ]);
    const loop = `async function body({ most }: any) {
      let n = 0;
      while (!(n >= most || (await fit(n)) > 2)) n += 1;
      return n > 1 ? await a(1) : await b(2);
    }`;
    expect((await decided(loop, { most: 1 })).filter((line) => !line.includes("/"))).toEqual([
      "loop1[1]: n 0 >= most 1 is false && await fit(n) 0 > 2 is false → iteration 1",
      "loop1[2]: n 1 >= most 1 → done (after 1 iteration)",
      "if1: n 1 > 1 is false → else",
    ]);
    expect((await decided(loop, { most: 9 })).at(-2)).toBe("loop1[4]: await fit(n) 3 > 2 → done (after 3 iterations)");
    expect(await decided("async function body(x: any) { if (x ? await a(x) : await b(0)) await c(1); }", 3)).toEqual([
      "if1: x is 3 → then",
      "if2: x ? await a(x) : await b(0) is 3 → then",
    ]);
  });
});

describe("the way that was taken", () => {
  test("of an if: then, else if, else, or nothing at all", async () => {
    const source = (end: string) =>
      `async function body(n: any) { if (n > 5) await a(1); else if (n > 3) await b(2); ${end} }`;
    expect(await decided(source(""), 6)).toEqual(["if1: n 6 > 5 → then"]);
    expect(await decided(source(""), 4)).toEqual(["if1: n 4 > 5 is false; n 4 > 3 → else if"]);
    expect(await decided(source(""), 1)).toEqual(["if1: n 1 > 5 is false; n 1 > 3 is false → skipped"]);
    expect(await decided(source("else await c(3);"), 1)).toEqual(["if1: n 1 > 5 is false; n 1 > 3 is false → else"]);
  });

  test("of a switch: the case, the default, or none", async () => {
    const source = (end: string) =>
      `async function body(mode: any) { switch (mode) { case "fast": await a(1); break; ${end} } }`;
    expect(await decided(source(""), "fast")).toEqual(['switch1: switch mode "fast" → case "fast"']);
    expect(await decided(source("default: await b(1);"), "slow")).toEqual(['switch1: switch mode "slow" → default']);
    expect(await decided(source(""), 3)).toEqual(["switch1: switch mode 3 → skipped"]);
    const cases =
      "async function body(n: any) { switch (n) { case 1: break; case await fit(2): await a(1); break; default: } }";
    expect((await decided(cases, 2)).at(-1)).toBe("switch1: switch n → case await fit(2)");
    expect((await decided(cases, 1)).at(-1)).toBe("switch1: switch n → case 1");
    expect((await decided(cases, 3)).at(-1)).toBe("switch1: switch n → default");
    const awaited = 'async function body() { switch (await fit("x")) { case "x": await a(1); } }';
    expect(await decided(awaited)).toEqual(['switch1: switch await fit("x") "x" → case "x"']);
  });

  test("of a loop: the iteration that comes, or how many there were", async () => {
    expect(await decided("async function body() { let n = 0; while (n < 2) n = await a(n + 1); }")).toEqual([
      "loop1[1]: n 0 < 2 → iteration 1",
      "loop1[2]: n 1 < 2 → again (iteration 2)",
      "loop1[3]: n 2 < 2 is false → done (after 2 iterations)",
    ]);
    expect(await decided("async function body() { for (let i = 0; i < 1; i++) await a(i); }")).toEqual([
      "loop1[1]: i 0 < 1 → iteration 1",
      "loop1[2]: i 1 < 1 is false → done (after 1 iteration)",
    ]);
    expect(await decided("async function body() { let n = 0; do n = await a(n + 1); while (n < 2); }")).toEqual([
      "loop1[1]: n 1 < 2 → again (iteration 2)",
      "loop1[2]: n 2 < 2 is false → done (after 2 iterations)",
    ]);
    expect(await decided("async function body(n: any) { while (n < 2) n = await a(n + 1); }", 5)).toEqual([
      "loop1[1]: n 5 < 2 is false → no iteration",
    ]);
  });

  test("where there is nothing to decide, nothing is told", async () => {
    expect(await decided("async function body() { for (const x of [1, 2]) await a(x); }")).toEqual([]);
    expect(await decided("async function body() { for (;;) { await a(1); break; } }")).toEqual([]);
    expect(await decided("async function body() { while (true) { await a(1); break; } }")).toEqual([]);
  });
});

describe("what is told", () => {
  test("is what decides in a loop or function that starts something, also where it starts nothing itself", async () => {
    const source = `async function body() {
      let depth = 1;
      for (const x of [1, 2]) {
        if (x > 1) depth += 1;
        await a(depth);
        if (depth > 1) break;
      }
      if (depth === 2) return "deep";
    }`;
    expect(await decided(source)).toEqual([
      "loop1[1]/if1: x 1 > 1 is false → skipped",
      "loop1[1]/if2: depth 1 > 1 is false → skipped",
      "loop1[2]/if1: x 2 > 1 → then",
      "loop1[2]/if2: depth 2 > 1 → then",
      "if1: depth 2 === 2 → then",
    ]);
  });

  test("is not what a loop or a function computes that starts nothing", async () => {
    const source = `async function body() {
      const isEven = (n: number) => { if (n % 2 === 0) return true; return false; };
      let n = 0;
      while (n < 10) { if (isEven(n)) n += 1; n += 1; }
      if (isEven(n)) await a(n);
    }`;
    expect(await decided(source)).toEqual(["if1: isEven(n 10) is true → then"]);
  });

  test("is told of each turn of a fan-out", async () => {
    const source = "async function body() { await Promise.all([1, 2].map(async (x) => { if (x > 1) await a(x); })); }";
    expect((await decided(source)).map((line) => line.replace(/^.*\[/, "["))).toEqual([
      "[1]/if1: x 1 > 1 is false → skipped",
      "[2]/if1: x 2 > 1 → then",
    ]);
  });
});

describe("a test that is watched", () => {
  test("evaluates everything once, in its order, and stops where it would", async () => {
    const source = `async function body() {
      const seen: number[] = [];
      const note = (n: number) => { seen.push(n); return n; };
      if (note(1) < note(2) && note(3) > note(4) && note(5)) await a(0);
      await a(seen.join());
      if (seen.length === 4) await b(seen.pop());
      return seen;
    }`;
    expect(await decided(source)).toEqual([
      "if1: note(3) 3 > note(4) 4 is false → skipped",
      "if2: seen.length 4 === 4 → then",
    ]);
  });

  test("keeps what it saw where the test calls itself", async () => {
    const source = `async function body() {
      const begun: Promise<unknown>[] = [];
      const hidden: ((n: number) => number)[] = [];
      const down = (n: number): number => {
        if (n > 0 && hidden[0]!(n - 1) < n) begun.push(a(n));
        return n;
      };
      hidden.push(down);
      if (down(2) > 1) await Promise.all(begun);
    }`;
    expect(await decided(source)).toEqual([
      "down#1/down#1/down#1/if1: n 0 > 0 is false → skipped",
      "down#1/down#1/if1: n 1 > 0 && hidden[0](n 1 - 1) 0 < n 1 → then",
      "down#1/if1: n 2 > 0 && hidden[0](n 2 - 1) 1 < n 2 → then",
      "if1: down(2) 2 > 1 → then",
    ]);
  });

  test("of a graph of anybody's, that is made of itself for ever, ends", async () => {
    const { graph: made } = lowered("async function body(x: any) { if (x && (await fit(x))) await a(1); }");
    const [kept, ...rest] = made.body.nodes;
    const name = (kept as { target: { name: string } }).target.name;
    const set = (value: Expression): Node => ({ kind: "let", id: "set", target: { kind: "variable", name }, value });
    const flip = set({ kind: "unary", op: "!", of: { kind: "unary", op: "!", of: { kind: "variable", name } } });
    const turns: Node = {
      kind: "loop",
      id: "turns",
      form: "of",
      over: { value: ones, target: i, declare: "const" },
      nodes: [flip, wait],
    };
    const told: string[] = [];
    const loaded = load({ ...made, body: { ...made.body, nodes: [kept!, turns, ...rest] } });
    await loaded.run(true, {
      call: async () => 2,
      decide: (decision) => told.push(explain(decision, loaded.texts)),
    });
    expect(told[0]).toMatch(/→ then$/);
    expect(told[0]!.length).toBeLessThan(220);
  });

  test("throws what it throws", async () => {
    await expect(decided("async function body(x: any) { if (x.y.z) await a(1); }", {})).rejects.toThrow(TypeError);
  });
});
