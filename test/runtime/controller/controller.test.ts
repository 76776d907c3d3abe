import { describe, expect, test } from "vitest";
import { largeBytes } from "../../../src/model/value.ts";
import {
  apply,
  array,
  assign,
  binary,
  call,
  declare,
  loop,
  member,
  object,
  pipelineOf,
  promises,
  returns,
  variable,
  wait,
} from "./programs.ts";
import { Stage } from "./stage.ts";

const v = variable;
const none = "async () => {}";
const chain = pipelineOf({ a: none, b: none }, [
  call("a", object({ n: member(v("params"), "n") }), "p"),
  wait(v("p"), "x"),
  call("b", object({ x: v("x") }), "q"),
  wait(v("q"), "y"),
  returns(object({ y: v("y") })),
]);

describe("a call", () => {
  test("clones its template with the input, and gives the output to whoever awaits it", async () => {
    await using stage = await Stage.open(chain, { n: 1 });
    expect(await stage.calls()).toEqual({ a: { n: 1 } });
    await stage.running();
    await stage.complete("a", new Map([["k", 2]]));
    await stage.settle();
    expect(await stage.calls()).toEqual({ a: { n: 1 }, b: { x: new Map([["k", 2]]) } });
    await stage.running();
    await stage.complete("b", "done");
    expect(await stage.value()).toEqual({ y: "done" });
  });

  test("has the input as it was at the call, whatever the body does to it later", async () => {
    const pipeline = pipelineOf({ a: none }, [
      declare("list", array(1)),
      call("a", object({ list: v("list") }), "p"),
      { kind: "let", id: "push", value: apply(v("list"), "push", 2) },
      wait(v("p")),
      returns(v("list")),
    ]);
    await using stage = await Stage.open(pipeline);
    expect(await stage.calls()).toEqual({ a: { list: [1] } });
    await stage.running();
    await stage.complete("a", undefined);
    expect(await stage.value()).toEqual([1, 2]);
  });

  test("keeps large inputs, outputs and results as blobs", async () => {
    const large = "x".repeat(largeBytes + 1);
    await using stage = await Stage.open(chain, { n: large });
    await expect.poll(() => stage.running()).toEqual(["a"]);
    expect((await stage.steps())[0]!.input).toMatchObject({ blob: expect.stringMatching(/^sha256:/) });
    await stage.complete("a", large);
    await expect.poll(() => stage.running()).toEqual(["b"]);
    expect(await stage.calls()).toEqual({ a: { n: large }, b: { x: large } });
    await stage.complete("b", large);
    expect(await stage.result).toMatchObject({ output: { blob: expect.stringMatching(/^sha256:/) } });
  });

  test("with an input that cannot be passed rejects as a plain call does, and makes no task", async () => {
    const pipeline = pipelineOf({ a: none }, [
      call(
        "a",
        object({ p: { kind: "apply", callee: member({ kind: "global", name: "Promise" }, "resolve"), args: [1] } }),
        "p",
      ),
      wait(v("p")),
    ]);
    await using stage = await Stage.open(pipeline);
    await expect(stage.value()).rejects.toThrow('the input of step "a" (at .p) cannot be passed between steps');
    expect(await stage.calls()).toEqual({});
  });

  test("without an argument has no input", async () => {
    await using stage = await Stage.open(pipelineOf({ a: none }, [call("a", undefined, "p"), wait(v("p"))]));
    expect(await stage.calls()).toEqual({ a: undefined });
    await stage.running();
    await stage.complete("a", undefined);
    expect(await stage.result).toEqual({ outcome: "completed" });
  });
});

describe("one turn", () => {
  test("is one transaction, however many results it delivers", async () => {
    const two = pipelineOf({ a: none, b: none, c: none }, [
      call("a", undefined, "p"),
      call("b", undefined, "q"),
      wait(promises("all", v("p"), v("q")), "both"),
      call("c", v("both"), "r"),
      wait(v("r"), "end"),
      returns(v("end")),
    ]);
    await using stage = await Stage.open(two);
    const turns: string[][] = [];
    const { turn } = stage.store.runs;
    stage.store.runs.turn = (run, attempt, commands) => {
      turns.push(commands.map((command) => (command.kind === "abort" ? command.task : command.path)));
      return turn.call(stage.store.runs, run, attempt, commands);
    };
    expect(await stage.running()).toEqual(["a", "b"]);
    await Promise.all([stage.complete("a", 1), stage.complete("b", 2)]);
    await stage.settle();
    expect(turns).toEqual([["c"]]);
    expect(await stage.calls()).toMatchObject({ c: [1, 2] });
  });
});

describe("when the body settles", () => {
  const race = pipelineOf({ a: none, b: none, c: none }, [
    call("a", undefined, "p"),
    call("b", undefined, "q"),
    wait(promises("race", v("p"), v("q")), "first"),
    call("c", undefined, "never"),
    returns(v("first")),
  ]);

  test("what still runs is aborted, and what it called last never comes to be", async () => {
    await using stage = await Stage.open(race);
    await stage.running();
    await stage.complete("b", "fast");
    expect(await stage.value()).toBe("fast");
    expect(await stage.statuses()).toEqual({ a: "aborted", b: "completed" });
    expect((await stage.steps())[0]!.failure).toMatchObject({ message: "the pipeline has ended" });
  });

  test("a loser that was only queued is aborted too", async () => {
    await using stage = await Stage.open(race);
    const [b] = (
      await stage.store.queue.claim({ agent: "steps", queues: ["default"], limit: 2, run: "r" })
    ).claims.slice(1);
    await stage.store.queue.report({ task: b!.task.id, attempt: 1, agent: "steps", outcome: "completed" });
    expect(await stage.value()).toBeUndefined();
    expect(await stage.statuses()).toEqual({ a: "aborted", b: "completed" });
  });

  test("a result that cannot be passed fails the pipeline with a sentence", async () => {
    await using stage = await Stage.open(
      pipelineOf({ a: none }, [returns(apply({ kind: "global", name: "Promise" }, "resolve"))]),
    );
    expect(await stage.result).toEqual({ outcome: "completed" });
    const promise: Parameters<typeof array>[0] = promises("all");
    await using other = await Stage.open(pipelineOf({ a: none }, [returns(array(promise))], { name: "odd" }));
    await expect(other.value()).rejects.toThrow('the result of pipeline "odd" (at [0]) cannot be passed between steps');
  });
});

describe("a failed step", () => {
  const failure = { name: "RangeError", message: "too deep", at: "pipeline.ts:3:9", stack: "at fit (pipeline.ts:3:9)" };

  test("fails the pipeline with its error, its place and its path", async () => {
    await using stage = await Stage.open(chain, { n: 1 });
    await stage.running();
    await stage.fail("a", failure);
    expect(await stage.result).toEqual({ outcome: "failed", failure: { ...failure, step: "a" } });
  });

  test("can be caught, and its error looked at", async () => {
    const pipeline = pipelineOf({ a: none }, [
      {
        kind: "try",
        id: "try",
        nodes: [call("a", undefined, "p"), wait(v("p"))],
        catch: {
          target: v("error"),
          nodes: [returns(array(member(v("error"), "name"), member(v("error"), "message")))],
        },
      },
    ]);
    await using stage = await Stage.open(pipeline);
    await stage.running();
    await stage.fail("a", failure);
    expect(await stage.value()).toEqual(["RangeError", "too deep"]);
  });

  test("that was the cause of what the body threw tells its place and path", async () => {
    const pipeline = pipelineOf({ a: none }, [
      {
        kind: "try",
        id: "try",
        nodes: [call("a", undefined, "p"), wait(v("p"))],
        catch: {
          target: v("error"),
          nodes: [
            {
              kind: "throw",
              id: "throw",
              value: {
                kind: "new",
                callee: { kind: "global", name: "Error" },
                args: ["no model", object({ cause: v("error") })],
              },
            },
          ],
        },
      },
    ]);
    await using stage = await Stage.open(pipeline);
    await stage.running();
    await stage.fail("a", failure);
    expect(await stage.result).toMatchObject({
      failure: { name: "Error", message: "no model", step: "a", at: "pipeline.ts:3:9", cause: { name: "RangeError" } },
    });
  });

  const careless = pipelineOf({ a: none, b: none }, [
    call("a", undefined, "p"),
    call("b", undefined, "q"),
    wait(v("q"), "y"),
    returns(v("y")),
  ]);

  test("that nobody has awaited by the end fails the pipeline", async () => {
    await using stage = await Stage.open(careless);
    await stage.running();
    await stage.fail("a", failure);
    await stage.settle();
    await stage.complete("b", 1);
    expect(await stage.result).toMatchObject({ outcome: "failed", failure: { message: "too deep", step: "a" } });
  });

  test("that fails only after the end does not", async () => {
    await using stage = await Stage.open(careless);
    await stage.running();
    await stage.complete("b", 1);
    expect(await stage.value()).toBe(1);
    expect(await stage.statuses()).toEqual({ a: "aborted", b: "completed" });
  });

  test("that is awaited late, but before the end, was handled", async () => {
    const late = pipelineOf({ a: none, b: none }, [
      call("a", undefined, "p"),
      call("b", undefined, "q"),
      wait(v("q")),
      wait(promises("allSettled", v("p")), "settled"),
      returns(member(member(v("settled"), "0" as never), "status")),
    ]);
    await using stage = await Stage.open(late);
    await stage.running();
    await stage.fail("a", failure);
    await stage.settle();
    await stage.complete("b", 1);
    expect(await stage.value()).toBe("rejected");
  });

  test("that somebody aborted rejects with an AbortedError", async () => {
    await using stage = await Stage.open(chain, { n: 1 });
    await stage.running();
    await stage.store.runs.turn("r", 1, [{ kind: "abort", task: "r/a", reason: "not needed" }]);
    expect(await stage.result).toMatchObject({ failure: { name: "AbortedError", message: "not needed", step: "a" } });
  });
});

describe("a controller that", () => {
  test("lost its lease stops quietly, and clones nothing any more", async () => {
    await using stage = await Stage.open(chain, { n: 1 });
    await stage.running();
    await stage.store.queue.rescue((agent) => agent.id === "controller 1", "r");
    await stage.complete("a", 1);
    expect(await stage.result).toMatchObject({ failure: { name: "AbortedError" } });
    expect(Object.keys(await stage.calls())).toEqual(["a"]);
  });

  test("meets an event of a task that its graph has not called fails the run, and aborts what runs", async () => {
    const two = pipelineOf({ a: none, b: none }, [call("a", undefined, "p"), wait(v("p"))]);
    await using stage = await Stage.open(two);
    const { templates } = await stage.store.runs.register(two);
    await stage.store.runs.turn("r", 1, [{ kind: "clone", template: templates.get("b")!, path: "stray" }]);
    expect(await stage.running()).toEqual(["a", "stray"]);
    await stage.complete("stray", 1);
    expect(await stage.result).toMatchObject({
      failure: {
        name: "InternalError",
        message: expect.stringContaining("the task r/stray ended, but the graph has not called it"),
      },
    });
    expect(await stage.statuses()).toEqual({ a: "aborted", stray: "completed" });
  });

  test("computes without end is stopped by its budget", { timeout: 60_000 }, async () => {
    await using stage = await Stage.open(pipelineOf({ a: none }, [loop("forever", true, [])]));
    expect(await stage.result).toMatchObject({ failure: { name: "BudgetError" } });
  });
});

describe("stopped at any moment and started again", () => {
  const steps = { a: none, b: none, c: none };
  /** A loop with a race and a fan-in in each turn. */
  const pipeline = pipelineOf(steps, [
    declare("n", 0, "let"),
    declare("log", array()),
    loop("again", binary(v("n"), "<", 3), [
      call("a", object({ n: v("n") }), "p"),
      call("b", object({ n: v("n") }), "q"),
      wait(promises("race", v("p"), v("q")), "first"),
      { kind: "let", id: "log it", value: apply(v("log"), "push", v("first")) },
      call("c", object({ log: v("log") }), "r"),
      wait(promises("all", v("p"), v("q"), v("r")), "all"),
      { kind: "let", id: "log all", value: apply(v("log"), "push", v("all")) },
      assign("n", binary(v("n"), "+", 1)),
    ]),
    returns(v("log")),
  ]);

  /** Ends the running steps one by one, the one that `choose` picks; between each, `meanwhile` may do what it likes. */
  async function play(choose: (paths: string[]) => number, meanwhile: (stage: Stage, step: number) => Promise<void>) {
    await using stage = await Stage.open(pipeline);
    for (let step = 0; ; step += 1) {
      const paths = await stage.running();
      if (paths.length === 0) break;
      const path = paths[choose(paths)]!;
      await stage.complete(path, `${path} ended`);
      await meanwhile(stage, step);
      await stage.settle();
    }
    const attempts = (await stage.steps()).map(({ attempt }) => attempt);
    return { value: await stage.value(), calls: await stage.calls(), attempts };
  }

  const orders: [string, (paths: string[]) => number][] = [
    ["first in, first out", () => 0],
    ["last in, first out", (paths) => paths.length - 1],
  ];

  const restart = async (stage: Stage) => {
    await stage.stopController();
    await stage.startController();
  };

  test.each(orders)("makes the same calls and comes to the same result, ends coming %s", async (_, choose) => {
    const whole = await play(choose, async () => {});
    expect(Object.keys(whole.calls)).toHaveLength(9);
    expect(new Set(whole.attempts)).toEqual(new Set([1]));
    for (let stop = 0; stop < 9; stop += 1) {
      // Between the event and what it causes, and after that.
      const soon = await play(choose, async (stage, step) => (step === stop ? restart(stage) : undefined));
      expect(soon).toEqual(whole);
      const late = await play(choose, async (stage, step) => {
        if (step === stop) await stage.settle().then(() => restart(stage));
      });
      expect(late).toEqual(whole);
    }
    expect(await play(choose, restart)).toEqual(whole);
  });

  test("clones nothing that is there already", async () => {
    await using stage = await Stage.open(pipeline);
    await stage.stopController();
    const commands: unknown[] = [];
    const { turn } = stage.store.runs;
    stage.store.runs.turn = (run, attempt, given) => {
      commands.push(...given);
      return turn.call(stage.store.runs, run, attempt, given);
    };
    await stage.startController();
    expect(commands).toEqual([]);
  });
});
