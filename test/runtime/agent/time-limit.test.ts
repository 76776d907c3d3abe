import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startTimeLimit } from "../../../src/runtime/agent/time-limit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const day = 24 * 3_600_000;

it("aborts when the time is over, not before", () => {
  const { signal } = startTimeLimit(100);
  vi.advanceTimersByTime(99);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.aborted).toBe(true);
});

it("holds longer than one of Node's timers can", () => {
  const { signal } = startTimeLimit(30 * day);
  vi.advanceTimersByTime(30 * day - 1);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.aborted).toBe(true);
});

it("a cleared limit never aborts and leaves no timer", () => {
  const limit = startTimeLimit(100);
  limit.clear();
  expect(vi.getTimerCount()).toBe(0);
  expect(limit.signal.aborted).toBe(false);
});
