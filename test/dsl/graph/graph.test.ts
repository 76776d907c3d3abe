/** Graphs as their authors put them together: what comes of it, and what is refused with a sentence. */
import { describe, expect, test } from "vitest";
import {
  add,
  at,
  cond,
  div,
  eq,
  fallback,
  gt,
  lt,
  mod,
  neg,
  not,
  or,
  pipeline,
  step,
  sub,
  text,
} from "../../../src/dsl/index.ts";
import { blueprintOf } from "../../../src/model/blueprint.ts";
import type { Expression } from "../../../src/model/expression.ts";
import { printExpression } from "../../../src/model/print-expression.ts";

const load = step(async ({ n }: { n: unknown }) => ({ rows: [{ a: 1 }], ok: Boolean(n) }));
const bare = step(async () => 1);

/** The text of what a step is given. */
function printed(given: (rows: ReturnType<typeof start>["first"]) => unknown): string {
  const { g, first } = start();
  g.step("next", load, { n: given(first) });
  const [, next] = blueprintOf(g)!.nodes;
  const [input] = next?.kind === "call" ? next.args : [];
  return printExpression((input as { entries: { value: Expression }[] }).entries[0]!.value);
}

function start() {
  const g = pipeline.graph("built");
  return { g, first: g.step("first", load, { n: 1 }) };
}

describe("an input", () => {
  test("reads what it refers to, through fields and items", () => {
    const { g, first } = start();
    g.step("a step", load, { n: [first.rows[0]!.a, { deep: first.ok }] });
    expect(blueprintOf(g)!.nodes[1]).toMatchObject({
      id: "a step",
      into: "aStep",
      reads: ["first"],
      writes: ["aStep"],
    });
    expect(printed((first) => first.rows[0]!.a)).toBe("first.rows[0].a");
  });

  test("has operators print as the author would have written them", () => {
    expect(printed(({ rows }) => lt(div(rows.length, 2), sub(mod(7, 4), 1)))).toBe("first.rows.length / 2 < 7 % 4 - 1");
    expect(printed(({ ok }) => or(not(ok), eq(ok, null)))).toBe("!first.ok || first.ok === null");
    expect(printed(({ rows }) => text`${rows.length} rows`)).toContain("first.rows.length");
    expect(printed(({ rows }) => neg(rows.length))).toBe("-first.rows.length");
    expect(printed(({ rows }) => at(rows, sub(rows.length, 1)).a)).toBe("first.rows[first.rows.length - 1].a");
    expect(printed(({ ok }) => at({ yes: 1, no: 2 }, cond(ok, "yes", "no")))).toBe(
      '{ yes: 1, no: 2 }[first.ok ? "yes" : "no"]',
    );
    expect(printed(({ ok }) => fallback(ok, add("a", 1)))).toContain("??");
  });

  test("keeps plain values whole, also those that JSON has no word for", () => {
    const values = [undefined, Number.NaN, -0, Number.NEGATIVE_INFINITY, 10n, /a/g, new Date(5), new Map([[1, 2]])];
    expect(printed(() => values)).toBe("[undefined, NaN, -0, -Infinity, 10n, /a/g, new Date(5), new Map([[1, 2]])]");
  });

  test.each([
    ["a function", () => () => 1, "a function"],
    ["an instance", () => new (class Tree {})(), "an object of class Tree"],
    ["a cycle", () => Object.assign([] as unknown[], { 0: undefined }).concat(cycle()), "a value that contains itself"],
  ])("refuses %s", (_, given, found) => {
    expect(() => printed(given)).toThrow(`the input of "next" holds ${found}`);
  });
});

function cycle(): unknown[] {
  const self: unknown[] = [];
  self.push(self);
  return self;
}

describe("a reference says that its value is not there yet", () => {
  const { first } = start();
  const any = first as unknown as { ok: unknown } & Iterable<unknown>;
  test.each([
    ["in a text", () => `${any.ok}`, "first.ok is a reference, whose value is there only when the graph runs"],
    ["in a sum", () => (any as unknown as number) + 1, "compute with operators"],
    ["in a comparison", () => (any as unknown as number) < 1, "compute with operators"],
    ["as JSON", () => JSON.stringify(any), "compute with operators"],
    ["spread", () => ({ ...any }), "name each of them"],
    ["gone through", () => [...any], "use g.each"],
    ["changed", () => Object.assign(any, { a: 1 }), "it cannot be changed"],
  ])("%s", (_, use, sentence) => {
    expect(use).toThrow(sentence);
  });

  test("awaited", async () => {
    await expect((async () => await any)()).rejects.toThrow("it is not awaited");
  });
});

describe("a graph refuses, with a sentence,", () => {
  test("two nodes of one name, but not where each turn has its own", () => {
    const { g, first } = start();
    expect(() => g.step("first", bare)).toThrow('the graph has two nodes "first"');
    g.each("each", first.rows, load, () => ({ n: g.step("first", bare) }));
    expect(() => g.branch("way", first.ok, { then: () => g.step("first", bare) })).toThrow("two nodes");
  });

  test.each(["", "a/b", "a#1", "a[1]", " a", "a\nb"])("the name %j", (name) => {
    expect(() => start().g.step(name, bare)).toThrow("is no name for a node");
  });

  test("what is no step", () => {
    expect(() => start().g.step("plain", async () => 1)).toThrow("make the function a step first");
  });

  test("a reference of another graph, and one that was made inside and is read outside", () => {
    const { g, first } = start();
    expect(() => start().g.step("next", load, { n: first })).toThrow("first belongs to another graph");
    const inside: { ref?: unknown } = {};
    g.branch("way", first.ok, {
      then: () => {
        inside.ref = g.step("hidden", bare);
      },
    });
    expect(() => g.step("next", load, { n: inside.ref })).toThrow('hidden was made inside "way"');
  });

  test("an async region, two results, a node behind the result, params inside of a branch", () => {
    const { g, first } = start();
    expect(() => g.branch("way", true, { then: async () => 1 })).toThrow("is async: it is called once, now");
    expect(() => g.branch("other", true, { then: () => g.param("late") })).toThrow("ask for params first");
    expect(() => g.try("tried", async () => 1, "skip")).toThrow("is async: it is called once, now");
    g.returns(first);
    expect(() => g.returns(first)).toThrow("was called twice");
    expect(() => g.step("late", bare)).toThrow("comes too late");
  });

  test("a predicate that starts something", () => {
    const { g, first } = start();
    const started = g.start("started", load, { n: first.ok });
    expect(() =>
      started.metric("seen", "loss", "train", (point) => gt(g.step("inner", load, { n: point }).rows.length, 1)),
    ).toThrow('the predicate of "seen" adds nodes');
  });

  test("no name", () => {
    expect(() => pipeline.graph("")).toThrow("pipeline.graph(…) takes a name");
  });
});

test("options can be chained before a graph, and given with its name", () => {
  const options = (g: object) => blueprintOf(g)!.options;
  expect(options(pipeline.queue("q").graph("a"))).toEqual({ name: "a", queue: "q" });
  expect(options(pipeline.graph({ name: "b", tags: ["t"] }))).toEqual({ name: "b", tags: ["t"] });
});

test("a thousand steps that are added in a loop are a chain of a thousand calls of one step", () => {
  const g = pipeline.graph("many");
  let last = g.step("s0", load, { n: 0 });
  for (let i = 1; i < 1_000; i += 1) last = g.step(`s${i}`, load, { n: last.rows[0]!.a });
  const { nodes, callees } = blueprintOf(g)!;
  expect(callees).toEqual([load]);
  expect(nodes.map(({ id, reads }) => [id, reads])).toEqual(
    Array.from({ length: 1_000 }, (_, i) => [`s${i}`, i === 0 ? [] : [`s${i - 1}`]]),
  );
});
