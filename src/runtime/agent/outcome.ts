/** What an attempt's result becomes: the end of its task, or another attempt. A pure rule; the store merely writes it down. */
import { formatDuration } from "../../model/duration.ts";
import { type Failure, lostName, timeLimitName } from "../../model/failure.ts";
import { retryDelayMs } from "../../model/retry.ts";
import type { Code } from "../../model/task.ts";
import type { Claim, Outcome, Result } from "../ports.ts";

/** A process that dies is seldom the step's own doing, so that the step is tried again without a retry policy: so many attempts in all. */
const lostAttempts = 3;

type Attempted = { task: Pick<Claim["task"], "options"> } & Pick<Claim, "failures">;

/** `now` in milliseconds since 1970: a retry's delay counts from there. */
export function outcomeOf(result: Result, { task, failures }: Attempted, now: number): Outcome {
  if (result.outcome === "completed") return result;
  const { failure } = result;
  const made = failures + 1;
  const delayMs = retryDelayMs(task.options.retry, made, failure);
  if (delayMs !== undefined) return { outcome: "retry", failure, ...(delayMs > 0 && { notBefore: now + delayMs }) };
  // A run that failed with the death of a step has lost nothing itself: the step was tried again already.
  const isLost = failure.name === lostName && failure.step === undefined;
  if (isLost && made < lostAttempts) return { outcome: "retry", failure };
  return { outcome: "failed", failure };
}

export function timeLimitFailure(code: Code["kind"], limitMs: number): Failure {
  const what = code === "controller" ? "pipeline" : "step";
  return { name: timeLimitName, message: `the ${what} ran longer than its time limit of ${formatDuration(limitMs)}` };
}
