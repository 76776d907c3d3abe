/** What is inferred, and what is refused. The type checker reads this file; what it builds is never run. */
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  add,
  and,
  at,
  cond,
  fallback,
  lt,
  neg,
  type PipelineGraph,
  pipeline,
  type Ref,
  step,
  text,
  withOptions,
} from "../../../src/dsl/index.ts";

type Row = { depth: number; label?: string };
const split = step(async ({ seed }: { seed: number }) => ({ train: [{ depth: seed }] as Row[], at: new Date(0) }));
const fit = step(async ({ rows, depth = 1 }: { rows: Row[]; depth?: number }) => ({ score: rows.length / depth }));
const load = step(async () => "text");
const g = pipeline.graph("types");

test("a reference has the fields and items of what it stands for, as references", () => {
  const data = g.step("data", split, { seed: 1 });
  expectTypeOf(data).toEqualTypeOf<Ref<{ train: Row[]; at: Date }>>();
  expectTypeOf(data.train).toEqualTypeOf<Ref<Row[]>>();
  expectTypeOf(data.train[0]!.depth).toEqualTypeOf<Ref<number>>();
  expectTypeOf(data.train[0]!.label).toEqualTypeOf<Ref<string | undefined>>();
  expectTypeOf(data.train.length).toEqualTypeOf<Ref<number>>();
  // @ts-expect-error Property 'tran' does not exist
  void data.tran;
  // @ts-expect-error a date's methods are not there before the graph runs
  void data.at.getTime;
  // @ts-expect-error nor are an array's
  void data.train.map;
});

test("an input takes references, values and values with references in them; nothing else", () => {
  const data = g.step("more data", split, { seed: 1 });
  expectTypeOf(g.step("fit", fit, { rows: data.train })).toEqualTypeOf<Ref<{ score: number }>>();
  g.step("of values", fit, { rows: [{ depth: 1 }], depth: 2 });
  g.step("of references", fit, { rows: [data.train[0]!, { depth: data.train.length }] });
  g.step("by options", withOptions(fit, { queue: "gpu" }), { rows: data.train });
  const missing = () => {
    // @ts-expect-error Property 'rows' is missing
    g.step("a", fit, { depth: 1 });
    // @ts-expect-error 'deep' does not exist
    g.step("b", fit, { rows: data.train, deep: 1 });
    // @ts-expect-error Ref<Date> is not Row[]
    g.step("c", fit, { rows: data.at });
    // @ts-expect-error string is not number
    g.step("d", fit, { rows: data.train, depth: "1" });
    // @ts-expect-error the input is missing
    g.step("e", fit);
    // @ts-expect-error load takes none
    g.step("f", load, {});
    // @ts-expect-error a plain function is no step: it is not async
    g.step("g", ({ a }: { a: number }) => a, { a: 1 });
  };
  void missing;
});

test("params have the type of their schema, or the one that is said", () => {
  expectTypeOf(g.param("zod", z.number().int().default(7))).toEqualTypeOf<Ref<number>>();
  expectTypeOf(g.param<string[]>("json", { type: "array" })).toEqualTypeOf<Ref<string[]>>();
  expectTypeOf(g.param("any")).toEqualTypeOf<Ref<unknown>>();
});

test("each, branch and loop give references to what they come to", () => {
  const data = g.step("yet more data", split, { seed: 1 });
  const fits = g.each("fits", data.train, fit, (row, i) => ({ rows: [row], depth: i }));
  expectTypeOf(fits).toEqualTypeOf<Ref<{ score: number }[]>>();
  g.each("of a list", [data.train, data.train], fit, (rows) => ({ rows }), { concurrency: 2 });
  const way = g.branch("way", lt(fits[0]!.score, 1), { then: () => ({ a: fits.length }), else: () => "none" });
  expectTypeOf(way).toEqualTypeOf<Ref<{ a: number } | string>>();
  const maybe = g.branch("maybe", true, { then: () => fits[0]! });
  expectTypeOf(maybe).toEqualTypeOf<Ref<{ score: number } | undefined>>();
  expectTypeOf(fallback(maybe, { score: 0 }).score).toEqualTypeOf<Ref<number>>();
  const last = g.loop("again", {
    state: { best: fits[0]!, depth: 1 },
    while: (state, turns) => and(lt(state.best.score, 1), lt(turns, state.depth)),
    max: 5,
    body: (state) => ({ depth: add(state.depth, 1) }),
  });
  expectTypeOf(last.best.score).toEqualTypeOf<Ref<number>>();
  expectTypeOf(last.depth).toEqualTypeOf<Ref<number>>();
  const wrong = () => {
    // @ts-expect-error a state of another type
    g.loop("a", { state: { n: 1 }, while: () => true, body: () => ({ n: "1" }) });
    // @ts-expect-error a condition that is a text
    g.branch("b", "yes", { then: () => 1 });
    // @ts-expect-error a text is no array
    g.each("c", text`abc`, fit, () => ({ rows: [] }));
    // @ts-expect-error an input of another type
    g.each("d", data.train, fit, (row) => ({ rows: row }));
  };
  void wrong;
});

test("what may fail, or be skipped, says by its type what may be there instead", () => {
  const only = g.branch("only", true, { then: () => ({ n: 1 }), else: "skip" });
  expectTypeOf(only).toEqualTypeOf<Ref<{ n: number }>>();
  const fitting = () => g.step("may fail", fit, { rows: [] });
  expectTypeOf(g.try("t1", fitting, (error) => error.name)).toEqualTypeOf<Ref<{ score: number } | string>>();
  const wrong = () => {
    expectTypeOf(g.try("t2", fitting, "skip").score).toEqualTypeOf<Ref<number>>();
    // @ts-expect-error it is not said what comes instead
    g.try("t3", fitting);
    // @ts-expect-error an error has no such field
    g.try("t4", fitting, (error) => error.code);
    // @ts-expect-error no such way
    g.branch("b2", true, { then: () => 1, else: "stop" });
  };
  void wrong;
});

test("a graph may say what it takes and what it gives", () => {
  const typed = pipeline.graph<{ seed?: number; tags: string[] }, { score: number }>("typed");
  expectTypeOf(typed.param("seed", z.number().default(7))).toEqualTypeOf<Ref<number>>();
  expectTypeOf(typed.param("tags")).toEqualTypeOf<Ref<string[]>>();
  const wrong = () => {
    // @ts-expect-error no such param
    typed.param("sead");
    // @ts-expect-error a schema of another type
    typed.param("seed", z.string());
    // @ts-expect-error a result of another type
    typed.returns({ score: "1" });
  };
  void wrong;
  expectTypeOf(typed.returns({ score: 1 })).toEqualTypeOf<
    PipelineGraph<{ seed?: number; tags: string[] }, { score: number }>
  >();
  const untyped = pipeline.graph("untyped");
  const { score } = untyped.step("fit", fit, { rows: [] });
  expectTypeOf(untyped.returns({ best: score })).toEqualTypeOf<
    PipelineGraph<Record<string, unknown>, { best: number }>
  >();
});

test("waits, handles and detached steps have the types of what they come to", () => {
  const data = g.step("data of waits", split, { seed: 1 });
  expectTypeOf(g.sleep("held", "10m", data)).toEqualTypeOf<Ref<{ train: Row[]; at: Date }>>();
  expectTypeOf(g.sleepUntil("until", data.at)).toEqualTypeOf<Ref<undefined>>();
  expectTypeOf(g.signal<{ by: string }>("a", "b").by).toEqualTypeOf<Ref<string>>();
  expectTypeOf(g.signal("c", "d", { schema: z.object({ by: z.string() }), after: data }).by).toEqualTypeOf<
    Ref<string>
  >();
  const started = g.start("started", fit, { rows: data.train });
  expectTypeOf(started.result("of started")).toEqualTypeOf<Ref<{ score: number }>>();
  const point = started.metric("point", "loss", "train", ({ value }) => lt(value, 1));
  expectTypeOf(point).toEqualTypeOf<Ref<{ value: number; iteration: number } | undefined>>();
  expectTypeOf(g.detach("aside", fit, { rows: data.train })).toEqualTypeOf<void>();
  const wrong = () => {
    // @ts-expect-error a text that is no duration
    g.sleep("x", "ten minutes");
    // @ts-expect-error a duration is no time
    g.sleepUntil("y", "10m");
    // @ts-expect-error a predicate that is no condition
    started.metric("z", "loss", "train", ({ value }) => value);
    // @ts-expect-error an input is missing
    g.detach("w", fit);
  };
  void wrong;
});

test("operators know their operands", () => {
  const { score } = g.step("scored", fit, { rows: [] });
  expectTypeOf(add(score, 1)).toEqualTypeOf<Ref<number>>();
  expectTypeOf(add("a", score)).toEqualTypeOf<Ref<string>>();
  expectTypeOf(neg(score)).toEqualTypeOf<Ref<number>>();
  expectTypeOf(at([score, 1], add(score, 1))).toEqualTypeOf<Ref<number>>();
  expectTypeOf(at({ a: 1, b: "c" }, "b")).toEqualTypeOf<Ref<number | string>>();
  // @ts-expect-error no such field
  at({ a: 1 }, "b");
  expectTypeOf(cond(lt(score, 1), score, "none" as string)).toEqualTypeOf<Ref<number | string>>();
  // @ts-expect-error a number is no condition
  and(score);
  const wrong = () => {
    // @ts-expect-error the language's own operators know no references
    void (score < 1);
    // @ts-expect-error the same
    void (score + 1);
  };
  void wrong;
});
