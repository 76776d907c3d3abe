/** A time limit: a signal that aborts when the time is over; its reason says so. */
import { timeLimitName } from "../../model/failure.ts";

/** Node's timers hold no more; a longer one would fire at once. */
export const longestTimerMs = 2 ** 31 - 1;

export type TimeLimit = { readonly signal: AbortSignal; clear(): void };

/** Begins to count now. */
export function startTimeLimit(ms: number): TimeLimit {
  const controller = new AbortController();
  const endsAt = performance.now() + ms;
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) controller.abort(Object.assign(new Error("past its time limit"), { name: timeLimitName }));
    else timer = setTimeout(wait, Math.min(Math.ceil(leftMs), longestTimerMs));
  };
  wait();
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
