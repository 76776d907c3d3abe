/** What a failure that nobody caught means for what still runs, in program order: `stop`, `finish` and `continue`. */
import { describe, expect, test } from "vitest";
import type { Node } from "../../../src/model/node.ts";
import type { OnFailure } from "../../../src/model/options.ts";
import { taskOptions } from "../../../src/model/options.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import { nextTurn } from "../../../src/runtime/controller/event-loop.ts";
import { call, loop, pipelineOf, returns, variable, wait } from "./programs.ts";
import { Stage } from "./stage.ts";

const v = variable;
const none = "async () => {}";
const failure = { name: "RangeError", message: "too deep" };
const failed = { outcome: "failed", failure: { ...failure, step: "a" } };

/** `const other = (async () => { … })(); await a();` */
function beside(onFailure: OnFailure, nodes: Node[]): Pipeline {
  const other: Node[] = [
    {
      kind: "function",
      id: "other",
      variable: "other",
      function: { id: "other", name: "other", async: true, params: [], nodes },
    },
    { kind: "call", id: "other", fn: v("other"), args: [], into: "begun" },
  ];
  const body = [...other, call("a", undefined, "p"), wait(v("p")), call("d", undefined, "q"), returns(1)];
  const pipeline = pipelineOf({ a: none, b: none, c: none, d: none }, body);
  return { ...pipeline, options: taskOptions({ onFailure }, "pipeline") };
}

const bThenC = [call("b", undefined, "x"), wait(v("x")), call("c", undefined, "y"), wait(v("y"))];

const isOpen = async (stage: Stage) => (await Promise.race([stage.result, nextTurn()])) === undefined;

/** `a` has failed, and `b` runs. */
async function broken(onFailure: OnFailure, nodes = bThenC): Promise<Stage> {
  const stage = await Stage.open(beside(onFailure, nodes));
  await stage.running();
  await stage.fail("a", failure);
  await stage.settle();
  return stage;
}

test("stop: what still runs is aborted", async () => {
  await using stage = await broken("stop");
  expect(await stage.result).toEqual(failed);
  expect(await stage.statuses()).toEqual({ a: "failed", "other#1/b": "aborted" });
});

describe("finish", () => {
  test("what was called may end, nothing new begins, and the pipeline ends with the first failure", async () => {
    await using stage = await broken("finish");
    expect(await isOpen(stage)).toBe(true);
    await stage.complete("other#1/b", 1);
    expect(await stage.result).toEqual(failed);
    expect(await stage.statuses()).toEqual({ a: "failed", "other#1/b": "completed" });
  });

  test("a later failure changes nothing", async () => {
    await using stage = await broken("finish");
    await stage.fail("other#1/b", { name: "Error", message: "later" });
    expect(await stage.result).toEqual(failed);
  });

  test("of a body that has returned, what runs is aborted as ever", async () => {
    const pipeline = pipelineOf({ a: none, b: none }, [
      call("a", undefined, "p"),
      call("b", undefined, "q"),
      wait(v("p")),
      returns(1),
    ]);
    await using stage = await Stage.open({ ...pipeline, options: taskOptions({ onFailure: "finish" }, "pipeline") });
    await stage.running();
    await stage.complete("a", 1);
    expect(await stage.value()).toBe(1);
    expect(await stage.statuses()).toEqual({ a: "completed", b: "aborted" });
  });
});

describe("continue", () => {
  test("what does not depend on the failure goes on, new steps included", async () => {
    await using stage = await broken("continue");
    await stage.complete("other#1/b", 1);
    await stage.settle();
    expect(await stage.running()).toEqual(["other#1/c"]);
    expect(await isOpen(stage)).toBe(true);
    await stage.complete("other#1/c", 1);
    expect(await stage.result).toEqual(failed);
    expect(await stage.statuses()).toEqual({ a: "failed", "other#1/b": "completed", "other#1/c": "completed" });
  });

  test("waits for a timer, but not for a signal that may never come", async () => {
    const hour: Node[] = [
      { kind: "timer", id: "hour", after: "1h", into: "t" },
      wait(v("t")),
      call("c", undefined, "y"),
      wait(v("y")),
    ];
    await using timed = await broken("continue", hour);
    expect(await isOpen(timed)).toBe(true);
    await timed.forward(3_600_000);
    await timed.settle();
    await timed.running();
    await timed.complete("other#1/c", 1);
    expect(await timed.result).toEqual(failed);
    const asked: Node[] = [{ kind: "signal", id: "asked", name: "go", into: "t" }, wait(v("t"))];
    await using endless = await broken("continue", asked);
    expect(await endless.result).toEqual(failed);
  });

  test("ends where what goes on computes without end", async () => {
    const spin = [call("b", undefined, "x"), wait(v("x")), loop("spin", true, []), call("c", undefined, "y")];
    await using stage = await Stage.open(beside("continue", spin), undefined, { budget: 50_000 });
    await stage.running();
    await stage.fail("a", failure);
    await stage.settle();
    await stage.complete("other#1/b", 1);
    expect(await stage.result).toEqual(failed);
    expect(Object.keys(await stage.statuses())).toEqual(["other#1/b", "a"]);
  });

  test.each(["finish", "continue"] as const)(
    "%s means the same to a run that is resumed after any event",
    async (mode) => {
      await using stage = await Stage.open(beside(mode, bThenC));
      const ends: [string, () => Promise<void>][] = [
        ["a", () => stage.fail("a", failure)],
        ["other#1/b", () => stage.complete("other#1/b", 1)],
        ["other#1/c", () => stage.complete("other#1/c", 1)],
      ];
      for (const [, end] of mode === "continue" ? ends : ends.slice(0, 2)) {
        await stage.running();
        await stage.stopController();
        await end();
        await stage.startController();
      }
      expect(await stage.result).toEqual(failed);
    },
  );
});
