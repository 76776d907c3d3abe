/** What an attempt's result becomes: the end of its task, or another attempt. A pure rule; the store merely writes it down. */
import { formatDuration } from "../../model/duration.ts";
import { type Failure, timeLimitName } from "../../model/failure.ts";
import { retryDelayMs } from "../../model/retry.ts";
import type { Claim, Outcome, Result } from "../ports.ts";

/** `now` in milliseconds since 1970: a retry's delay counts from there. */
export function outcomeOf(result: Result, { task, earlier }: Pick<Claim, "task" | "earlier">, now: number): Outcome {
  if (result.outcome === "completed") return result;
  const { failure } = result;
  const delayMs = retryDelayMs(task.options.retry, earlier, failure);
  if (delayMs === undefined) return { outcome: "failed", failure };
  return { outcome: "retry", failure, ...(delayMs > 0 && { notBefore: now + delayMs }) };
}

export function timeLimitFailure(limitMs: number): Failure {
  return { name: timeLimitName, message: `the step ran longer than its time limit of ${formatDuration(limitMs)}` };
}
