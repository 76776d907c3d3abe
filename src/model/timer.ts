/** Timers: what a body gives to `sleep` and `sleepUntil`, as the time at which the wait is over. */
import { type Duration, durationMs } from "./duration.ts";

export type Timer = { kind: "after"; duration: Duration } | { kind: "until"; time: Date | number };

/** The latest time that a Date can say. */
const latest = 8.64e15;

/** Milliseconds since 1970. Throws a RangeError that says how a duration or a time is written. */
export function dueAt(timer: Timer, now: number): number {
  const due = timer.kind === "after" ? now + durationMs(timer.duration) : timeOf(timer.time);
  if (due <= latest) return due;
  throw new RangeError("a wait that ends after the year 275760 cannot be kept: wait for a shorter time");
}

function timeOf(time: Date | number): number {
  const ms = time instanceof Date ? time.getTime() : time;
  if (typeof ms === "number" && Number.isFinite(ms)) return ms;
  throw new RangeError(
    `"${time}" is not a time: give sleepUntil a Date, such as new Date("2026-12-24T18:00:00Z"), or milliseconds since 1970`,
  );
}
