/** A time limit: what it ends is told why. */
import { timeLimitName } from "../../model/failure.ts";

/** Node's timers hold no more; a longer one would fire at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** Begins to count now. Calls back when the time is over. Gives the way to stop. */
export function startTimeLimit(ms: number, over: (reason: Error) => void): () => void {
  const endsAt = performance.now() + ms;
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) over(Object.assign(new Error("past its time limit"), { name: timeLimitName }));
    else timer = setTimeout(wait, Math.min(Math.ceil(leftMs), longestTimerMs));
  };
  wait();
  return () => clearTimeout(timer);
}
