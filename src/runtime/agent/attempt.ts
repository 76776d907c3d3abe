/** An attempt's life. */
import { timeLimitFailure } from "../../model/time-limit.ts";
import type { Claim, Executor, Queue, Report, Result, Revoked } from "../ports.ts";
import { outcomeOf } from "./outcome.ts";
import { Revocation } from "./revocation.ts";
import { startTimeLimit } from "./time-limit.ts";

export type AttemptSurroundings = {
  agent: string;
  queue: Pick<Queue, "report">;
  executor: Executor;
  /** Aborts when the attempt is no longer the agent's own; then nothing is reported. */
  revoked: Revoked;
  /** Called when the step has returned: the slot does not wait for the report's commit. */
  freeSlot(): void;
};

/**
 * Time limit → execute → outcome → report. A report that is refused changes nothing: the task was aborted, or taken for lost. Rejects where
 * the store fails.
 */
export async function attempt(
  claim: Claim,
  { agent, queue, executor, revoked, freeSlot }: AttemptSurroundings,
): Promise<void> {
  const { code, options } = claim.task;
  // A controller keeps its own, which counts over all agents.
  const limitMs = code.kind === "controller" ? undefined : options.timeLimitMs;
  const limited = limitMs === undefined ? undefined : limitedTo(limitMs, revoked);
  let reported: Promise<unknown> | undefined;
  try {
    const result = await executor.execute(claim, limited?.revocation ?? revoked);
    if (revoked.aborted) return;
    const outcome = outcomeOf(limited?.revocation.aborted ? overLimit(claim) : result, claim, Date.now());
    reported = queue.report({ task: claim.task.id, attempt: claim.attempt, agent, ...outcome } as Report);
  } finally {
    limited?.clear();
    freeSlot();
  }
  await reported;
}

/** Revoked with the attempt, or when the time is over. */
function limitedTo(ms: number, revoked: Revoked): { revocation: Revocation; clear(): void } {
  const revocation = new Revocation();
  if (revoked.aborted) revocation.abort(revoked.reason);
  revoked.addEventListener("abort", () => revocation.abort(revoked.reason));
  return { revocation, clear: startTimeLimit(ms, (reason) => revocation.abort(reason)) };
}

/** Whatever the step made of the abort: past its limit it has failed. */
function overLimit({ task }: Claim): Result {
  return { outcome: "failed", failure: timeLimitFailure(task.code.kind, task.options.timeLimitMs!) };
}
