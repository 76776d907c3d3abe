/** Waits, signals, handles and detached steps in a plain call. */
import { beforeEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { detach, type Handle, type Point, signal, sleep, sleepUntil, start, step, Task } from "../../src/dsl/index.ts";
import { callInterceptor } from "../../src/model/context.ts";

beforeEach(() => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  return () => print.mockRestore();
});

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a wait", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    return () => vi.useRealTimers();
  });

  test.each([
    ["sleep", () => sleep("10m"), 600_000],
    ["sleepUntil", () => sleepUntil(new Date(Date.now() + 90_000)), 90_000],
    ["a sleep longer than a timer can hold", () => sleep("60d"), 60 * 86_400_000],
  ])("%s really waits", async (_, wait, ms) => {
    let over = false;
    const waiting = wait().then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
  });

  test("for what is no time rejects, and throws nothing", async () => {
    await expect(sleep("soon" as never)).rejects.toThrow('"soon" is not a duration');
    await expect(sleepUntil(new Date(Number.NaN))).rejects.toThrow(
      '"Invalid Date" is not a time: give sleepUntil a Date',
    );
    await expect(sleep(Number.MAX_VALUE)).rejects.toThrow("cannot be kept: wait for a shorter time");
  });
});

describe("a signal", () => {
  test("has nobody to come from", async () => {
    await expect(signal("approved")).rejects.toThrow(
      'signal("approved") waits for somebody to send it, which nobody can in a plain call: run the pipeline (reprise run)',
    );
  });

  test("is answered by whoever intercepts the call, and checked before", async () => {
    const interceptor = { call: async () => 1, signal: async (name: string) => `${name}!` };
    expect(await callInterceptor.run(interceptor, () => signal("yes"))).toBe("yes!");
    for (const name of ["", " x", "__proto__", "x".repeat(101)])
      await expect(callInterceptor.run(interceptor, () => signal(name))).rejects.toThrow("cannot name a signal");
    await expect(signal("x", { timeLimit: "soon" as never })).rejects.toThrow("is not a duration");
  });
});

describe("a handle", () => {
  const until = step(async ({ steps = 3 }: { steps?: number }) => {
    const { signal } = Task.current();
    for (let n = 1; n <= steps; n++) {
      Task.current().scalar("loss", "validation", n * 2, n);
      await settle();
      if (signal.aborted) seen.push((signal.reason as Error).message);
    }
    return steps;
  });
  const seen: string[] = [];
  beforeEach(() => void seen.splice(0));

  test("gives the result, and the step's own error", async () => {
    const handle = start(until, { steps: 1 });
    expect(await handle.result()).toBe(1);
    expect(handle.result()).toBe(handle.result());
    const fail = step(async () => {
      throw new RangeError("too deep");
    });
    await expect(start(fail).result()).rejects.toThrow(RangeError);
  });

  test("aborts: the step's signal says so, and the result rejects at once", async () => {
    const handle = start(until, { steps: 4 });
    await settle();
    handle.abort("enough");
    await expect(handle.result()).rejects.toMatchObject({ name: "AbortedError", message: "enough" });
    await vi.waitUntil(() => seen.length > 0);
    expect(seen[0]).toBe("enough");
  });

  test("that was aborted needs nobody who catches its result", async () => {
    start(until, {}).abort();
    await settle();
  });

  test("gives the first point that meets a predicate, or nothing where the step ends first", async () => {
    const handle = start(until, {});
    const [point, never, other] = await Promise.all([
      handle.metric("loss", "validation", ({ value }) => value > 3),
      handle.metric("loss", "validation", ({ value }) => value > 100),
      handle.metric("loss", "train", () => true),
    ]);
    expect([point, never, other]).toEqual([{ value: 4, iteration: 2 }, undefined, undefined]);
    expect(await handle.metric("loss", "validation", () => true)).toBe(undefined);
  });

  test("is of a step only", () => {
    expect(() => start((async () => 1) as () => Promise<number>)).toThrow("start(…) takes a step, then its input");
  });

  test("has the step's types", () => {
    expectTypeOf(start(until, { steps: 1 })).toEqualTypeOf<Handle<number>>();
    expectTypeOf<Handle<string>["metric"]>().returns.toEqualTypeOf<Promise<Point | undefined>>();
    expectTypeOf(signal<{ by: string }>).returns.toEqualTypeOf<Promise<{ by: string }>>();
    // @ts-expect-error: the input is missing
    const missing = () => start(until);
    // @ts-expect-error: "1 month" is no duration
    const wrong = () => sleep("1 month");
    expectTypeOf(wrong).returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf(missing).returns.toEqualTypeOf<Handle<number>>();
  });
});

test("a detached step may fail, and nobody minds", async () => {
  const fail = step(async () => {
    throw new Error("nobody minds");
  });
  expect(detach(fail())).toBe(undefined);
  await settle();
});
