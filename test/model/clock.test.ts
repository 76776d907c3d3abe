import { expect, test, vi } from "vitest";
import { systemClock } from "../../src/model/clock.ts";

test("the system's clock rings once, at the time and never before it, never within the call", async () => {
  vi.useFakeTimers();
  const rings: number[] = [];
  const from = Date.now();
  const ring = () => void rings.push(Date.now() - from);
  systemClock.at(from - 5, ring);
  systemClock.at(from + 40 * 86_400_000, ring);
  const silence = systemClock.at(from + 10, ring);
  expect(rings).toEqual([]);
  silence();
  await vi.advanceTimersByTimeAsync(50 * 86_400_000);
  expect(rings).toEqual([0, 40 * 86_400_000]);
  vi.useRealTimers();
});

test("a machine that slept hears of a time that has passed within a minute of its waking", async () => {
  vi.useFakeTimers();
  let rung = false;
  systemClock.at(Date.now() + 3_600_000, () => {
    rung = true;
  });
  await vi.advanceTimersByTimeAsync(1_000);
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rung).toBe(true);
  vi.useRealTimers();
});
