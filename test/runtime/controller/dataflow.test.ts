/** Graphs in data order, as the builder writes them, on a real store, with the ends of steps in a chosen order. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  add,
  and,
  cond,
  eq,
  fallback,
  gt,
  gte,
  lt,
  mul,
  ne,
  not,
  pipeline,
  step,
  text,
} from "../../../src/dsl/index.ts";
import { blueprintOf } from "../../../src/model/blueprint.ts";
import type { Pattern } from "../../../src/model/expression.ts";
import type { Node } from "../../../src/model/node.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import { nextTurn } from "../../../src/runtime/controller/event-loop.ts";
import { load as loadGraph, prepare } from "../../../src/runtime/controller/graph/load.ts";
import { pipelineOf } from "./programs.ts";
import { Stage } from "./stage.ts";

const load = step(async ({ n = 0 }: { n?: number }) => ({ rows: [n], ok: true }));
const fit = step(async ({ rows }: { rows: number[] }) => ({ score: rows.length }));
const best = step(async ({ fits }: { fits: { score: number }[] }) => fits[0]!);
const none = "async () => {}";

/** What the compiler makes of a builder, but for the code of its steps. */
function built(g: object): Pipeline {
  const { params, nodes, callees } = blueprintOf(g)!;
  const pipeline = pipelineOf(Object.fromEntries(callees.map((_, i) => [`s${i}`, none])), []);
  const named: Node[] = JSON.parse(JSON.stringify(nodes), (key, value) => (key === "template" ? `s${value}` : value));
  const entries = params.map(({ name, variable }) => ({ key: name, target: { kind: "variable", name: variable } }));
  const target = { kind: "object", entries } as Pattern;
  const body = { ...pipeline.graph.body, params: params.length === 0 ? [] : [{ target }], nodes: named };
  return { ...pipeline, graph: { order: "data", module: [], body } };
}

/** Two loads, a fit of each, and the best of both. */
function pair() {
  const g = pipeline.graph("pair");
  const n = g.param<number>("n");
  const [a, b] = [g.step("a", load, { n }), g.step("b", load, { n: add(n, 1) })];
  const fits = [g.step("fit a", fit, { rows: a.rows }), g.step("fit b", fit, { rows: b.rows })];
  g.returns({ best: g.step("best", best, { fits }), n });
  return built(g);
}

beforeAll(() => prepare([pair().graph]));

describe("order comes from data alone", () => {
  test("independent steps start before either has ended, and what reads one of them starts when that one ends", async () => {
    await using stage = await Stage.open(pair(), { n: 3 });
    expect(await stage.calls()).toEqual({ a: { n: 3 }, b: { n: 4 } });
    await stage.running();
    await stage.complete("b", { rows: [7], ok: true });
    await stage.settle();
    expect(await stage.running()).toEqual(["a", "fit b"]);
    await stage.complete("fit b", { score: 2 });
    await stage.complete("a", { rows: [], ok: true });
    await stage.settle();
    expect(await stage.running()).toEqual(["fit a"]);
    await stage.complete("fit a", { score: 1 });
    await stage.settle();
    expect(await stage.calls()).toMatchObject({ "fit b": { rows: [7] }, best: { fits: [{ score: 1 }, { score: 2 }] } });
    await stage.running();
    await stage.complete("best", { score: 2 });
    expect(await stage.value()).toEqual({ best: { score: 2 }, n: 3 });
  });

  test("the run ends when every node has ended, also those that the result does not read", async () => {
    const g = pipeline.graph("side");
    g.step("aside", load, {});
    g.returns(1);
    await using stage = await Stage.open(built(g));
    await stage.running();
    await stage.settle();
    expect(await Promise.race([stage.result, nextTurn()])).toBeUndefined();
    await stage.complete("aside", {});
    expect(await stage.value()).toBe(1);
  });
});

describe("a failed step", () => {
  test("fails the pipeline at once, and what still runs is aborted", async () => {
    await using stage = await Stage.open(pair(), { n: 1 });
    await stage.running();
    await stage.fail("a", { name: "RangeError", message: "no rows" });
    await expect(stage.value()).rejects.toMatchObject({
      failure: { name: "RangeError", message: "no rows", step: "a" },
    });
    expect(await stage.statuses()).toEqual({ a: "failed", b: "aborted" });
  });

  test("so does an expression that cannot be evaluated", async () => {
    const g = pipeline.graph("wrong");
    const a = g.step("a", load, {});
    g.step("fit", fit, { rows: [a.rows[0] as never, mul(a.rows.length, 2)] });
    await using stage = await Stage.open(built(g));
    await stage.running();
    await stage.complete("a", { ok: true });
    await expect(stage.value()).rejects.toThrow("reading '0'");
  });
});

describe("a failed step, where the rest is to go on,", () => {
  const goingOn = (pipeline: Pipeline): Pipeline => ({
    ...pipeline,
    options: { ...pipeline.options, onFailure: "continue" },
  });
  const failure = { name: "RangeError", message: "no rows" };
  const skips = async (stage: Stage) =>
    (await stage.store.events.read(stage.run, 0)).flatMap((event) =>
      event.kind === "decision" && event.of === "skip" ? [`${event.path}: ${event.explanation}`] : [],
    );

  test("keeps from running what reads it, and the pipeline fails with it when the others have ended", async () => {
    await using stage = await Stage.open(goingOn(pair()), { n: 1 });
    await stage.running();
    await stage.fail("a", failure);
    await stage.settle();
    await stage.complete("b", { rows: [7], ok: true });
    await stage.settle();
    expect(await skips(stage)).toEqual(["fit a: a failed → skipped", "best: a failed → skipped"]);
    expect(await stage.running()).toEqual(["fit b"]);
    await stage.complete("fit b", { score: 1 });
    await expect(stage.value()).rejects.toMatchObject({ failure: { ...failure, step: "a" } });
    expect(await stage.statuses()).toEqual({ a: "failed", b: "completed", "fit b": "completed" });
  });

  test("does so within a branch, a loop's turn and an item too, and keeps from running what reads these", async () => {
    const g = pipeline.graph("within");
    const { rows } = g.step("rows", load, {});
    const way = g.branch("way", true, {
      then: () => {
        const inner = g.step("inner", fit, { rows });
        g.step("beside", fit, { rows });
        return inner.score;
      },
    });
    const spread = g.each("spread", rows, fit, (row) => ({ rows: [row] }));
    const again = g.loop("again", {
      state: { score: 0 },
      while: (state) => lt(state.score, 2),
      body: () => ({ score: g.step("turn", fit, { rows }).score }),
    });
    g.step("of the branch", fit, { rows: [fallback(way, 0)] });
    g.step("of the items", best, { fits: spread });
    g.step("of the loop", fit, { rows: [again.score] });
    g.step("of none", fit, { rows });
    await using stage = await Stage.open(goingOn(built(g)));
    await stage.running();
    await stage.complete("rows", { rows: [1, 2] });
    await stage.settle();
    await stage.running();
    const [first, second] = Object.keys(await stage.statuses()).filter((path) => path.startsWith("spread"));
    await stage.fail(first!, failure);
    await stage.fail("inner", failure);
    await stage.complete("again[1]/turn", { score: 1 });
    await stage.settle();
    await stage.running();
    await stage.fail("again[2]/turn", failure);
    for (const path of [second!, "beside", "of none"]) await stage.complete(path, { score: 1 });
    await expect(stage.value()).rejects.toMatchObject({ failure: { step: first } });
    expect((await skips(stage)).sort()).toEqual([
      "of the branch: inner failed → skipped",
      `of the items: ${first} failed → skipped`,
      "of the loop: again[2]/turn failed → skipped",
    ]);
    expect(new Set(Object.values(await stage.statuses()))).toEqual(new Set(["completed", "failed"]));
  });

  test("so does an expression that cannot be evaluated, also that of the result", async () => {
    const g = pipeline.graph("wrong");
    const a = g.step("a", load, {});
    g.step("b", load, {});
    g.returns(a.rows[0]);
    await using stage = await Stage.open(goingOn(built(g)));
    await stage.running();
    await stage.complete("a", { ok: true });
    await stage.settle();
    expect(await Promise.race([stage.result, nextTurn()])).toBeUndefined();
    await stage.complete("b", {});
    await expect(stage.value()).rejects.toThrow("reading '0'");
  });

  test("means the same to a run that is resumed after any event", async () => {
    await using stage = await Stage.open(goingOn(pair()), { n: 1 });
    const stopped = async () => {
      await stage.running();
      await stage.stopController();
    };
    await stopped();
    await stage.fail("a", failure);
    await stage.startController();
    await stopped();
    await stage.complete("b", { rows: [7], ok: true });
    await stage.startController();
    await stopped();
    await stage.complete("fit b", { score: 1 });
    await stage.startController();
    await expect(stage.value()).rejects.toMatchObject({ failure: { ...failure, step: "a" } });
    expect(await skips(stage)).toEqual(["fit a: a failed → skipped", "best: a failed → skipped"]);
  });
});

describe("a branch", () => {
  function decided() {
    const g = pipeline.graph("decided");
    const a = g.step("a", load, {});
    const taken = g.branch("good enough", and(a.ok, not(eq(a.rows.length, 0))), {
      then: () => g.step("publish", fit, { rows: a.rows }).score,
      else: () => text`nothing in ${a.rows.length} rows`,
    });
    const aside = g.branch("aside", false, { then: () => g.step("never", load, {}) });
    g.returns({ taken, aside, score: fallback(taken, 0), kind: cond(a.ok, "good", "bad") });
    return built(g);
  }

  test("runs the nodes of the way that its condition chose, and gives what that gave", async () => {
    await using stage = await Stage.open(decided());
    await stage.running();
    await stage.complete("a", { rows: [1], ok: true });
    await stage.settle();
    expect(await stage.running()).toEqual(["publish"]);
    await stage.complete("publish", { score: 5 });
    expect(await stage.value()).toEqual({ taken: 5, aside: undefined, score: 5, kind: "good" });
  });

  test("runs none of the other way", async () => {
    await using stage = await Stage.open(decided());
    await stage.running();
    await stage.complete("a", { rows: [], ok: false });
    expect(await stage.value()).toMatchObject({ taken: "nothing in 0 rows", kind: "bad" });
    expect(Object.keys(await stage.calls())).toEqual(["a"]);
  });
});

describe("a loop", () => {
  function again(max?: number) {
    const g = pipeline.graph("again");
    const first = g.step("first", fit, { rows: [] });
    const last = g.loop("again", {
      state: { best: first, seen: 0 },
      while: (state) => lt(state.best.score, 3),
      ...(max !== undefined && { max }),
      body: (state, turns) => {
        const next = g.step("fit", fit, { rows: [turns, state.best.score] });
        g.step("note", load, { n: next.score });
        return { best: next, seen: add(state.seen, 1) };
      },
    });
    g.returns(last);
    return built(g);
  }

  test("hands the state of each turn to the next, until its condition fails", async () => {
    await using stage = await Stage.open(again());
    await stage.running();
    await stage.complete("first", { score: 1 });
    await stage.settle();
    expect(await stage.running()).toEqual(["again[1]/fit"]);
    await stage.complete("again[1]/fit", { score: 2 });
    await stage.settle();
    expect(await stage.running()).toEqual(["again[1]/note"]);
    await stage.complete("again[1]/note", {});
    await stage.settle();
    expect(await stage.calls()).toMatchObject({ "again[1]/fit": { rows: [0, 1] }, "again[2]/fit": { rows: [1, 2] } });
    await stage.running();
    await stage.complete("again[2]/fit", { score: 3 });
    await stage.settle();
    await stage.running();
    await stage.complete("again[2]/note", {});
    expect(await stage.value()).toEqual({ best: { score: 3 }, seen: 2 });
  });

  test("makes no turn where the condition fails at first, and no more than `max`", async () => {
    await using never = await Stage.open(again());
    await never.running();
    await never.complete("first", { score: 3 });
    expect(await never.value()).toEqual({ best: { score: 3 }, seen: 0 });

    await using once = await Stage.open(again(1));
    await once.running();
    await once.complete("first", { score: 0 });
    await once.settle();
    await once.running();
    await once.complete("again[1]/fit", { score: 1 });
    await once.settle();
    await once.running();
    await once.complete("again[1]/note", {});
    expect(await once.value()).toEqual({ best: { score: 1 }, seen: 1 });
  });

  test("that waits for nothing is stopped by the budget", async () => {
    const g = pipeline.graph("endless");
    g.loop("ever", { state: { n: 0 }, while: ({ n }) => gte(n, 0), body: ({ n }) => ({ n: add(n, 1) }) });
    await using stage = await Stage.open(built(g), undefined, { budget: 50_000 });
    await expect(stage.value()).rejects.toMatchObject({ failure: { name: "BudgetError" } });
  });
});

describe("each", () => {
  function spread(concurrency?: number) {
    const g = pipeline.graph("spread");
    const { rows } = g.step("a", load, {});
    const options = concurrency === undefined ? {} : { concurrency };
    const fits = g.each("fits", rows, fit, (row, i) => ({ rows: [row, i] }), options);
    g.returns(fits);
    return built(g);
  }

  test("runs the step for every item at once, and gives the outputs in the order of the items", async () => {
    await using stage = await Stage.open(spread());
    await stage.running();
    await stage.complete("a", { rows: [5, 6], ok: true });
    await stage.settle();
    const running = await stage.running();
    expect(running).toHaveLength(2);
    expect(await stage.calls()).toMatchObject({ [running[0]!]: { rows: [5, 0] }, [running[1]!]: { rows: [6, 1] } });
    await stage.complete(running[1]!, { score: 2 });
    await stage.complete(running[0]!, { score: 1 });
    expect(await stage.value()).toEqual([{ score: 1 }, { score: 2 }]);
  });

  test("runs no more at once than its concurrency", async () => {
    await using stage = await Stage.open(spread(2));
    await stage.running();
    await stage.complete("a", { rows: [1, 2, 3], ok: true });
    await stage.settle();
    const [first, second, ...others] = await stage.running();
    expect(others).toEqual([]);
    await stage.complete(second!, { score: 2 });
    await stage.settle();
    const [, third] = await stage.running();
    await stage.complete(first!, { score: 1 });
    await stage.complete(third!, { score: 3 });
    expect(await stage.value()).toEqual([{ score: 1 }, { score: 2 }, { score: 3 }]);
  });

  test("of nothing is an empty array; of what is no array, a failure", async () => {
    await using empty = await Stage.open(spread());
    await empty.running();
    await empty.complete("a", { rows: [], ok: true });
    expect(await empty.value()).toEqual([]);
    await using wrong = await Stage.open(spread());
    await wrong.running();
    await wrong.complete("a", { rows: "abc", ok: true });
    await expect(wrong.value()).rejects.toThrow('"fits" goes through an array, and was given none');
  });
});

describe("a wait", () => {
  test("for a time begins when what it holds is there, and gives that", async () => {
    const g = pipeline.graph("waits");
    const a = g.step("a", load, {});
    const cooled = g.sleep("cool down", "1h", a);
    const later = g.sleepUntil("later", add(0, 10_000_000_000_000), cooled.rows);
    g.step("fit", fit, { rows: later });
    g.returns(cooled.ok);
    await using stage = await Stage.open(built(g));
    await stage.running();
    await stage.forward(7_200_000);
    await stage.complete("a", { rows: [4], ok: true });
    await stage.settle();
    expect(await stage.running()).toEqual([]);
    await stage.forward(3_600_000);
    await stage.settle();
    expect(await stage.running()).toEqual([]);
    await stage.forward(10_000_000_000_000);
    await stage.settle();
    await stage.running();
    expect(await stage.calls()).toMatchObject({ fit: { rows: [4] } });
    await stage.complete("fit", { score: 1 });
    expect(await stage.value()).toBe(true);
  });

  test("for a signal gives what was sent, and fails past its limit, which counts from what it comes after", async () => {
    const g = pipeline.graph("asks");
    const a = g.step("a", load, {});
    const { by } = g.signal<{ by: string }>("approval", text`${"appro"}ved`, { timeLimit: "1h", after: a });
    g.returns(by);
    const asked = async () => {
      const stage = await Stage.open(built(g));
      await stage.running();
      await stage.forward(7_200_000);
      await stage.complete("a", {});
      await stage.settle();
      return stage;
    };
    await using stage = await asked();
    await stage.signal("approved", { by: "me" });
    expect(await stage.value()).toBe("me");
    await using late = await asked();
    await late.forward(3_600_000);
    await expect(late.value()).rejects.toThrow('no signal "approved" came within 1 h 0 m');
  });
});

describe("a step that is started", () => {
  const loss = (stage: Stage, value: number) =>
    stage.store.metrics.append([
      { task: "r/training", attempt: 1, title: "loss", series: "validation", value, iteration: 1, at: 0 },
    ]);

  test("is reacted to while it runs, and aborted where the graph decides to", async () => {
    const g = pipeline.graph("watches");
    const { rows } = g.step("rows", load, {});
    const training = g.start("training", fit, { rows });
    const bad = training.metric("bad", "loss", "validation", (point) => gt(point.value, rows[0]!));
    const { value } = fallback(bad, { value: 0, iteration: 0 });
    g.branch("diverges", ne(bad, undefined), { then: () => training.abort("give up", text`loss ${value}`) });
    g.step("other", load, {});
    g.returns(bad);
    await using stage = await Stage.open(built(g));
    await stage.running();
    await stage.complete("rows", { rows: [5] });
    await stage.settle();
    expect(await stage.running()).toEqual(["other", "training"]);
    await loss(stage, 4);
    await stage.settle();
    expect(await stage.statuses()).toMatchObject({ training: "running" });
    await loss(stage, 7);
    await stage.settle();
    expect(await stage.store.tasks.get("r/training")).toMatchObject({
      status: "aborted",
      failure: { message: "loss 7" },
    });
    await stage.complete("other", {});
    expect(await stage.value()).toEqual({ value: 7, iteration: 1 });
  });

  test("gives its output, and fails the pipeline where it fails", async () => {
    const g = pipeline.graph("starts");
    g.returns(g.start("training", fit, { rows: [] }).result("trained").score);
    await using stage = await Stage.open(built(g));
    await stage.running();
    await stage.complete("training", { score: 3 });
    expect(await stage.value()).toBe(3);
    await using failing = await Stage.open(built(g));
    await failing.running();
    await failing.fail("training", { name: "RangeError", message: "no rows" });
    await expect(failing.value()).rejects.toMatchObject({ failure: { step: "training" } });
  });

  test("detached, may outlive the pipeline, and fail", async () => {
    const g = pipeline.graph("lets go");
    g.detach("aside", fit, { rows: [] });
    g.returns(1);
    await using stage = await Stage.open(built(g));
    expect(await stage.value()).toBe(1);
    await stage.running();
    await stage.fail("aside", { name: "RangeError", message: "no rows" });
    expect(await stage.statuses()).toEqual({ aside: "failed" });
  });
});

describe("a run that is resumed", () => {
  test("after any event takes the tasks that exist, and comes to the same result", async () => {
    await using stage = await Stage.open(pair(), { n: 3 });
    const ends: [string, unknown][] = [
      ["b", { rows: [7], ok: true }],
      ["fit b", { score: 2 }],
      ["a", { rows: [], ok: true }],
      ["fit a", { score: 1 }],
      ["best", { score: 2 }],
    ];
    for (const [path, output] of ends) {
      await stage.running();
      await stage.stopController();
      await stage.complete(path, output);
      await stage.startController();
    }
    expect(await stage.value()).toEqual({ best: { score: 2 }, n: 3 });
    expect(await stage.steps()).toHaveLength(5);
  });
});

describe("a graph that cannot be run is refused as it is loaded", () => {
  const graphOf = (nodes: Node[]) => ({ ...pair().graph, body: { ...pair().graph.body, nodes } });
  const call = (id: string, reads: string[]): Node => ({ kind: "call", id, template: "s0", args: [], into: id, reads });

  test("where a node reads what only a later one gives, so that no circle can wait for itself", () => {
    expect(() => loadGraph(graphOf([call("a", ["b"]), call("b", ["a"])]))).toThrow('the node "a" reads "b"');
  });

  test("where a node is of a kind that has a meaning only in program order", () => {
    const block: Node = { kind: "block", id: "b", label: "b", nodes: [] };
    expect(() => loadGraph(graphOf([block]))).toThrow('the node "b" is a "block"');
  });
});

test("a chain of ten thousand decisions needs no deep stack", async () => {
  const g = pipeline.graph("long");
  let last = g.branch("b0", true, { then: () => 0 });
  for (let i = 1; i < 10_000; i += 1) {
    const before = last;
    last = g.branch(`b${i}`, true, { then: () => add(before as never, 1) }) as typeof last;
  }
  g.returns(last);
  await using stage = await Stage.open(built(g));
  expect(await stage.value()).toBe(9_999);
});

describe("a branch that skips", () => {
  const gated = () => {
    const g = pipeline.graph("gated");
    const a = g.step("a", load, {});
    const rows = g.branch("new rows", a.ok, { then: () => a.rows, else: "skip" });
    const fitted = g.step("fit", fit, { rows });
    g.step("best", best, { fits: [fitted] });
    g.step("aside", load, { n: a.rows.length });
    g.returns(a.rows);
    return built(g);
  };
  const told = async (stage: Stage) =>
    (await stage.store.events.read(stage.run, 0)).flatMap((event) =>
      event.kind === "decision" ? [`${event.path}: ${event.explanation}`] : [],
    );

  test("keeps from running what reads it, at any distance; the rest runs, and the pipeline completes", async () => {
    await using stage = await Stage.open(gated());
    await stage.running();
    await stage.complete("a", { rows: [1], ok: false });
    await stage.settle();
    expect(await stage.running()).toEqual(["aside"]);
    await stage.complete("aside", {});
    expect(await stage.value()).toEqual([1]);
    expect(await told(stage)).toEqual([
      "fit: new rows was not taken → skipped",
      "best: new rows was not taken → skipped",
      "new rows: a.ok is false → skipped",
    ]);
  });

  test("lets it run where its condition holds, and means the same to a run that is resumed", async () => {
    await using stage = await Stage.open(gated());
    await stage.running();
    await stage.complete("a", { rows: [1], ok: true });
    await stage.settle();
    await stage.stopController();
    await stage.startController();
    expect((await stage.running()).toSorted()).toEqual(["aside", "fit"]);
    expect((await stage.calls()).fit).toEqual({ rows: [1] });
  });

  test("gives no result where that is what reads it", async () => {
    const g = pipeline.graph("none");
    const a = g.step("a", load, {});
    g.returns({ rows: g.branch("ok", a.ok, { then: () => a.rows, else: "skip" }) });
    await using stage = await Stage.open(built(g));
    await stage.running();
    await stage.complete("a", { rows: [1], ok: false });
    expect(await stage.value()).toBeUndefined();
  });
});

describe("a try", () => {
  const failure = { name: "TimeLimitError", message: "too slow" };
  /** `otherwise`: what comes where `fit` fails. */
  const trying = (otherwise: "skip" | "another") => {
    const g = pipeline.graph("trying");
    const a = g.step("a", load, {});
    const body = () => g.step("fit", fit, { rows: a.rows });
    const tried =
      otherwise === "skip"
        ? g.try("tried", body, "skip")
        : g.try("tried", body, (error) => ({
            score: g.step("another", fit, { rows: [text`${error.name}`] as never }).score,
          }));
    g.step("best", best, { fits: [tried] });
    g.returns(a.ok);
    return built(g);
  };
  const brokenAt = async (stage: Stage, path: string) => {
    await stage.running();
    if (path !== "a") {
      await stage.complete("a", { rows: [1], ok: true });
      await stage.settle();
      await stage.running();
    }
    await stage.fail(path, failure);
    await stage.settle();
  };

  test("is worth what it holds, and what reads it runs then", async () => {
    await using stage = await Stage.open(trying("another"));
    await stage.running();
    await stage.complete("a", { rows: [1], ok: true });
    await stage.settle();
    await stage.running();
    await stage.complete("fit", { score: 3 });
    await stage.settle();
    expect(await stage.calls()).toMatchObject({ best: { fits: [{ score: 3 }] } });
    expect(await stage.calls()).not.toHaveProperty("another");
  });

  test("where that fails is worth what its function gives, which knows the error; the pipeline completes", async () => {
    await using stage = await Stage.open(trying("another"));
    await brokenAt(stage, "fit");
    expect((await stage.calls()).another).toEqual({ rows: ["TimeLimitError"] });
    await stage.stopController();
    await stage.startController();
    await stage.running();
    await stage.complete("another", { score: 1 });
    await stage.settle();
    expect((await stage.calls()).best).toEqual({ fits: [{ score: 1 }] });
    await stage.running();
    await stage.complete("best", {});
    expect(await stage.value()).toBe(true);
  });

  test("with `skip` keeps from running what reads it, and the pipeline completes", async () => {
    await using stage = await Stage.open(trying("skip"));
    await brokenAt(stage, "fit");
    expect(await stage.value()).toBe(true);
    expect(await stage.statuses()).toEqual({ a: "completed", fit: "failed" });
  });

  test.each([undefined, "continue"] as const)(
    "where the run is to %s catches only its own failures",
    async (onFailure) => {
      const made = trying("skip");
      const options = { ...made.options, ...(onFailure && { onFailure }) };
      await using caught = await Stage.open({ ...made, options });
      await brokenAt(caught, "fit");
      expect(await caught.value()).toBe(true);
      await using failed = await Stage.open({ ...made, options });
      await brokenAt(failed, "a");
      await expect(failed.value()).rejects.toMatchObject({ failure: { step: "a" } });
    },
  );

  test("of what is skipped goes on with what its function gives", async () => {
    const g = pipeline.graph("skipped");
    const a = g.step("a", load, {});
    const rows = g.branch("new rows", a.ok, { then: () => a.rows, else: "skip" });
    const tried = g.try(
      "tried",
      () => g.step("fit", fit, { rows }),
      (error) => ({ score: error.name }),
    );
    g.returns(tried);
    await using stage = await Stage.open(built(g));
    await stage.running();
    await stage.complete("a", { rows: [1], ok: false });
    expect(await stage.value()).toEqual({ score: "SkippedError" });
  });
});
