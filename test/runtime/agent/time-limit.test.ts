import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startTimeLimit } from "../../../src/runtime/agent/time-limit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const day = 24 * 3_600_000;

it("calls back when the time is over, not before", () => {
  const over = vi.fn();
  startTimeLimit(100, over);
  vi.advanceTimersByTime(99);
  expect(over).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(over).toHaveBeenCalledOnce();
});

it("holds longer than one of Node's timers can", () => {
  const over = vi.fn();
  startTimeLimit(30 * day, over);
  vi.advanceTimersByTime(30 * day - 1);
  expect(over).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(over).toHaveBeenCalledOnce();
});

it("a limit that was stopped never calls back, and leaves no timer", () => {
  const over = vi.fn();
  const stop = startTimeLimit(100, over);
  stop();
  expect(vi.getTimerCount()).toBe(0);
  expect(over).not.toHaveBeenCalled();
});
