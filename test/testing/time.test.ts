/** What waits takes no time: timers, signals, time limits and delays of retries. */
import { sleep } from "reprise";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { testPipeline } from "../../src/testing/index.ts";
import * as fixtures from "./fixtures/pipelines.ts";

const hour = 3_600_000;
const approval = { ...fixtures, default: fixtures.approval };
const stubborn = { ...fixtures, default: fixtures.stubborn };

beforeEach(() => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  return () => print.mockRestore();
});

describe("a signal", () => {
  test("is sent as soon as the body waits for it", async () => {
    const tested = await testPipeline(approval, { signals: { approved: { by: "Ada" } } });
    expect(tested.result).toMatchObject({ by: "Ada", afterMs: 0 });
    expect(tested.calls).toEqual([]);
  });

  test("is sent after hours where its sender sleeps, while timers go on", async () => {
    const approved = async () => {
      await sleep("13h");
      return { by: "Ada" };
    };
    const tested = await testPipeline(approval, { signals: { approved }, steps: { alarm: () => {} } });
    expect(tested.result).toMatchObject({ by: "Ada", afterMs: 13 * hour });
    expect(tested.callsOf("alarm").map(({ input }) => input.because)).toEqual(["reminder 1", "reminder 2"]);
    expect(tested.elapsedMs).toBe(13 * hour);
  });

  test("that nobody sends in time is over its limit", async () => {
    const tested = await testPipeline(approval, { steps: { alarm: () => {} } });
    expect(tested.status).toBe("failed");
    expect(tested.error).toMatchObject({ name: "TimeLimitError", message: expect.stringContaining("approved") });
    expect(() => tested.result).toThrow('no signal "approved" came within');
    expect(tested.elapsedMs).toBe(24 * hour);
  });

  test("whose value does not fit is refused, as a run refuses it", async () => {
    await expect(testPipeline(approval, { signals: { approved: { by: 3 } } })).rejects.toThrow(
      '"by": expected a string, got 3',
    );
  });

  test("that no body waits for is refused", async () => {
    await expect(testPipeline(approval, { signals: { aproved: true } })).rejects.toThrow(
      'the pipeline waits for no signal "aproved": did you mean "approved"?',
    );
  });

  test("whose sender throws ends the test with that error", async () => {
    const approved = () => {
      throw new Error("nobody is in");
    };
    await expect(testPipeline(approval, { signals: { approved } })).rejects.toThrow("nobody is in");
  });
});

describe("chance and time", () => {
  test("are the same in every test, and begin when the test says", async () => {
    const signals = { approved: { by: "Ada" } };
    const [one, two] = [await testPipeline(approval, { signals }), await testPipeline(approval, { signals })];
    expect(one.result).toEqual(two.result);
    expect(one.result.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(one.events[0]!.at).toBe(Date.UTC(2026, 0, 1));
    const later = await testPipeline(approval, { signals, now: "2030-06-01", random: () => 0.25 });
    expect(later.events[0]!.at).toBe(Date.UTC(2030, 5, 1));
    expect(later.result.luck).toBe(0.25);
  });

  test("are refused where the beginning is no time", async () => {
    await expect(testPipeline(approval, { now: "soon" })).rejects.toThrow('now: "soon" is no time');
  });
});

describe("a retry", () => {
  test("waits its delays in virtual time, and every attempt counts", async () => {
    let asked = 0;
    const ask = () => {
      asked += 1;
      if (asked < 3) throw new Error("busy");
      return "42";
    };
    const tested = await testPipeline(stubborn, { params: { url: "u" }, steps: { ask } });
    expect(tested.result).toEqual({ answer: "42", hours: 1 });
    expect(tested.callsOf("ask")).toMatchObject([{ status: "completed", attempts: 3 }]);
  });

  test("gives up after its limit", async () => {
    const tested = await testPipeline(stubborn, { params: { url: "u" } });
    expect(tested.result).toEqual({ answer: "yesterday's answer", because: "Error: u does not answer" });
    expect(tested.callsOf("ask")[0]).toMatchObject({ status: "failed", attempts: 3 });
    expect(tested.callsOf("ask")[0]!.error).toMatchObject({ message: "u does not answer" });
  });
});

describe("a time limit", () => {
  test("ends a step that sleeps longer, and its signal says so to it", async () => {
    const tested = await testPipeline(stubborn, {
      params: { url: "u" },
      steps: {
        ask: async () => {
          await sleep("11m");
          return "late";
        },
      },
    });
    expect(tested.result).toMatchObject({ because: expect.stringContaining("TimeLimitError") });
    expect(tested.elapsedMs).toBe(hour + 30 * 60_000);
  });

  test("leaves a step alone that ends before", async () => {
    const ask = async () => {
      await sleep("9m");
      return "in time";
    };
    const tested = await testPipeline(stubborn, { params: { url: "u" }, steps: { ask } });
    expect(tested.result).toMatchObject({ answer: "in time" });
  });

  test("ends a pipeline, and what runs for it", async () => {
    const measure = async ({ at }: { at: number }) => {
      if (at > 1) await sleep("1d");
      return at;
    };
    const tested = await testPipeline({ ...fixtures, default: fixtures.slow }, { steps: { measure } });
    expect(tested.error).toMatchObject({ name: "TimeLimitError" });
    expect(tested.elapsedMs).toBe(hour);
    expect(tested.calls.map(({ path, status }) => `${path} ${status}`)).toEqual([
      "early completed",
      "inner aborted",
      "inner/measure completed",
      "inner/measure$2 aborted",
    ]);
  });
});
