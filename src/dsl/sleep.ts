import { systemClock } from "../model/clock.ts";
import { callInterceptor } from "../model/context.ts";
import type { Duration } from "../model/duration.ts";
import { dueAt, type Timer } from "../model/timer.ts";

/**
 * Waits for a length of time. In a pipeline's body the wait is durable: it is recorded, costs nothing while it lasts, and ends on time although the
 * process died and the run was resumed. Rejects with a RangeError for what is no duration. A plain call really waits.
 *
 * @example
 * await sleep("10m");
 */
export function sleep(duration: Duration): Promise<void> {
  return wait({ kind: "after", duration });
}

/**
 * As `sleep`, until a time: a Date, or milliseconds since 1970. One that has passed is over at once.
 *
 * @example
 * await sleepUntil(new Date("2030-01-01T06:00Z"));
 */
export function sleepUntil(time: Date | number): Promise<void> {
  return wait({ kind: "until", time });
}

function wait(timer: Timer): Promise<void> {
  let due: number;
  try {
    due = dueAt(timer, systemClock.now());
  } catch (error) {
    return Promise.reject(error);
  }
  const interceptor = callInterceptor.getStore();
  return interceptor?.timer?.(timer) ?? new Promise((resolve) => systemClock.at(due, resolve));
}
