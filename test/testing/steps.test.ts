/** Steps in a test: fakes, and real ones; what is wrong with a fake is said. */
import { sleep, Task } from "reprise";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { TestError, testPipeline } from "../../src/testing/index.ts";
import * as fixtures from "./fixtures/pipelines.ts";

const together = { ...fixtures, default: fixtures.together };
const approval = { ...fixtures, default: fixtures.approval };
const stubborn = { ...fixtures, default: fixtures.stubborn };
const outer = { ...fixtures, default: fixtures.outer };
const watched = { ...fixtures, default: fixtures.watched };
const params = { url: "u" };

beforeEach(() => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  return () => print.mockRestore();
});

describe("a fake", () => {
  test("gets a copy of the input, and what it gives is copied", async () => {
    const made = new Date(5);
    const given: object[] = [];
    const work = (input: { name: string }) => {
      given.push(input);
      Object.assign(input, { name: "changed" });
      return { name: "x", made };
    };
    const tested = await testPipeline(together, { steps: { work } });
    expect(given).toHaveLength(3);
    const [call] = tested.callsOf("work");
    expect(call).toMatchObject({ step: "work", path: "each#1/work", input: { name: "a" }, attempts: 1 });
    expect(call!.output).toEqual({ name: "x", made: new Date(5) });
    expect(call!.output!.made).not.toBe(made);
  });

  test("is begun when the pipeline calls it, in the order of the calls", async () => {
    const begun: string[] = [];
    const work = async ({ name }: { name: string }) => {
      begun.push(name);
      return { name, made: new Date() };
    };
    await testPipeline(together, { steps: { work }, order: "last in first" });
    expect(begun).toEqual(["a", "b", "c"]);
  });

  test("may throw, and the body sees its error", async () => {
    const ask = () => {
      throw new SyntaxError("what?");
    };
    const tested = await testPipeline(stubborn, { params, steps: { ask } });
    expect(tested.result).toMatchObject({ because: "SyntaxError: what?" });
  });

  test("has a task of its own, whose metrics a body hears while it runs", async () => {
    const train = async ({ rows }: { rows: number[] }) => {
      Task.current().scalar("loss", "validation", 9, 1);
      Task.current().progress(0.5);
      await sleep("1h");
      return { loss: rows.length };
    };
    const tested = await testPipeline(watched, { params: { rows: [1] }, steps: { train } });
    expect(tested.result).toEqual({ loss: 9, stopped: true });
    expect(tested.callsOf("train")[0]).toMatchObject({ status: "aborted", error: { name: "AbortedError" } });
    expect(tested.elapsedMs).toBe(0);
    expect(tested.events.map(({ kind }) => kind)).toContain("progress");
  });

  test("hears by its signal that it was aborted", async () => {
    const aborted = vi.fn();
    const train = () => {
      const { signal } = Task.current();
      Task.current().scalar("loss", "validation", 9, 1);
      return new Promise<never>(() => signal.addEventListener("abort", aborted));
    };
    await testPipeline(watched, { params: { rows: [1] }, steps: { train } });
    expect(aborted).toHaveBeenCalledOnce();
  });

  test("may stand for a pipeline that is called", async () => {
    const tested = await testPipeline(outer, { params: { from: 1 }, steps: { inner: ({ from }) => from * 100 } });
    expect(tested.result).toEqual({ sum: 1_200 });
    expect(tested.calls.map(({ step }) => step)).toEqual(["inner", "inner"]);
  });

  test("stands for a step with other options too", async () => {
    const measure = vi.fn(() => 1);
    const tested = await testPipeline(outer, { params: { from: 1 }, steps: { measure } });
    expect(tested.result).toEqual({ sum: 4 });
    expect(tested.callsOf("measure").map(({ step, path }) => [step, path])).toEqual([
      ["measure", "inner/measure"],
      ["measure", "inner/measure$2"],
      ["measure", "inner2/measure"],
      ["measure", "inner2/measure$2"],
    ]);
    expect(measure).toHaveBeenCalledTimes(4);
  });
});

describe("what is wrong with a fake is said", () => {
  test("a step that the pipeline does not call, with the one that was probably meant", async () => {
    const steps = { wrok: () => ({}) } as never;
    await expect(testPipeline(together, { steps })).rejects.toThrow(
      'steps: the pipeline "together" calls no step "wrok": did you mean "work"?',
    );
    await expect(testPipeline(together, { steps: { train: () => ({ loss: 1 }) } })).rejects.toThrow(
      'calls no step "train": it calls work',
    );
    await expect(testPipeline(together, { fail: { train: [] } })).rejects.toThrow('fail: the pipeline "together"');
  });

  test("what is no function, and failures that are no list", async () => {
    await expect(testPipeline(together, { steps: { work: 3 as never } })).rejects.toThrow(
      'steps: what stands for "work" is no function: write work: (input) => …',
    );
    await expect(testPipeline(together, { fail: { work: new Error("x") as never } })).rejects.toThrow(
      'fail: what "work" fails with is no list: write work: [new Error("…")]',
    );
  });

  test("an output that cannot be passed between steps", async () => {
    const work = () => ({ name: "x", made: new Date(), close: () => {} });
    const tested = testPipeline(together, { steps: { work } });
    await expect(tested).rejects.toBeInstanceOf(TestError);
    await expect(tested).rejects.toThrow('what the fake of "work" gave (at .close) cannot be passed between steps');
  });

  test("an output that is not of the step's type", async () => {
    const work = () => ({ name: 3, made: "2026" }) as never;
    await expect(testPipeline(together, { steps: { work } })).rejects.toThrow(
      /the fake of "work" gave what "work" does not give: .*"made": expected a date.*; "name": expected a string, got 3/,
    );
    const nothing = () => undefined as never;
    await expect(testPipeline(together, { steps: { work: nothing } })).rejects.toThrow(
      "does not give: missing: expected an object",
    );
    await expect(testPipeline(outer, { params: { from: 1 }, steps: { inner: nothing } })).rejects.toThrow(
      'the fake of "inner" gave what "inner" does not give: missing: expected a number',
    );
  });

  test("a step that returns nothing may be a fake that returns nothing", async () => {
    const tested = await testPipeline(approval, { steps: { alarm: () => {} } });
    expect(tested.callsOf("alarm")).toHaveLength(3);
  });

  test("one that does not end, by the time that it really takes", async () => {
    const work = () => new Promise<never>(() => {});
    await expect(testPipeline(together, { steps: { work }, patience: "20ms" })).rejects.toThrow(
      'the step "work" (each#1/work) has not ended in 20 ms, and the test cannot go on without it: let a fake that takes long say so by await sleep("1h")',
    );
  });
});

describe("failures", () => {
  test("come one for each attempt, then none", async () => {
    const tested = await testPipeline(stubborn, {
      params,
      steps: { ask: () => "42" },
      fail: { ask: [new TypeError("first"), new RangeError("second")] },
    });
    expect(tested.result).toMatchObject({ answer: "42" });
    const retries = tested.events.filter((event) => event.kind === "retrying");
    expect(retries.map(({ failure }) => `${failure.name}: ${failure.message}`)).toEqual([
      "TypeError: first",
      "RangeError: second",
    ]);
  });

  test("leave out what is undefined, and reach the body", async () => {
    const tested = await testPipeline(together, { fail: { work: [undefined, new RangeError("x")] } });
    expect(tested.status).toBe("failed");
    expect(tested.error).toBeInstanceOf(RangeError);
    expect(() => tested.result).toThrow(new RangeError("x"));
    expect(tested.calls.map(({ status }) => status)).toEqual(["completed", "failed", "aborted"]);
  });

  test("fail a pipeline that is called, without running it", async () => {
    const tested = await testPipeline(outer, { params: { from: 1 }, fail: { inner: [new Error("no")] } });
    expect(tested.error).toMatchObject({ message: "no" });
    expect(tested.calls.map(({ path }) => path)).not.toContain("inner/measure");
  });
});

describe("a step that is not faked", () => {
  test("is the function that the test imported", async () => {
    const print = vi.spyOn(console, "log").mockImplementation(() => {});
    await testPipeline(approval);
    expect(print).toHaveBeenCalledWith("reminder 1");
  });

  test("is the code of its bundle where only the pipeline is given, or its JSON", async () => {
    const tested = await testPipeline(fixtures.together);
    expect(tested.callsOf("work")[0]!.output).toEqual({ name: "a", made: new Date(0) });
    const file = `${import.meta.dirname}/fixtures/pipelines.ts`;
    const { pipeline } = await compile(file, { pipeline: "together" });
    const fromJson = await testPipeline(pipeline, { steps: { work: ({ name }) => ({ name, made: new Date(1) }) } });
    expect(fromJson.result).toEqual({ done: ["a", "b", "c"], first: "a" });
    expect((await testPipeline({ file, pipeline: "together" })).result).toEqual(fromJson.result);
  });

  test("fails as in a run, with its place", async () => {
    const tested = await testPipeline(fixtures.stubborn, { params });
    const { error } = tested.callsOf("ask")[0]!;
    expect(error!.stack).toMatch(/fixtures\/pipelines\.ts:\d+/);
  });
});

test("a step that ends well is not told that it was aborted, and what it reports afterwards is not heard", async () => {
  const aborted = vi.fn();
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  let late = () => {};
  const work = ({ name }: { name: string }) => {
    const task = Task.current();
    task.signal.addEventListener("abort", aborted);
    late = () => task.scalar("late", "late", 1, 1);
    return { name, made: new Date(0) };
  };
  const { events } = await testPipeline(together, { steps: { work } });
  late();
  expect(aborted).not.toHaveBeenCalled();
  expect(events.filter(({ kind }) => kind === "scalar")).toEqual([]);
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});
