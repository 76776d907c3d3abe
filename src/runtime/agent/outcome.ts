/** What an attempt's result becomes: the end of its task, or another attempt. A pure rule; the store merely writes it down. */
import { retryDelayMs } from "../../model/retry.ts";
import type { Claim, Outcome, Result } from "../ports.ts";

type Attempted = { task: Pick<Claim["task"], "options"> } & Pick<Claim, "earlier">;

/** `now` in milliseconds since 1970: a retry's delay counts from there. */
export function outcomeOf(result: Result, { task, earlier }: Attempted, now: number): Outcome {
  if (result.outcome === "completed") return result;
  const { failure } = result;
  const delayMs = retryDelayMs(task.options.retry, earlier, failure);
  if (delayMs === undefined) return { outcome: "failed", failure };
  return { outcome: "retry", failure, ...(delayMs > 0 && { notBefore: now + delayMs }) };
}
