/** A run that has failed or was aborted, and is made again, begins anew: see docs/decisions/8-a-retried-pipeline.md. */
import { isLoss } from "../../model/failure.ts";
import type { Claim, Store } from "../ports.ts";

/**
 * Which attempt at its body a run is at, from 1; the number of the event by which that was to begin, 0 for the first; and when an agent first began it, in
 * milliseconds since 1970.
 */
export type FreshAttempt = { attempt: number; since: number; beganAt: number };

/** One that was lost with its agent goes on, as the same attempt at the body. At once, where it is the first. */
export function freshAttempt(claim: Claim, store: Pick<Store, "events">): FreshAttempt | Promise<FreshAttempt> {
  const first = { attempt: 1, since: 0, beganAt: claim.task.startedAt! };
  return claim.attempt === 1 ? first : freshAttemptAmong(claim, store, first);
}

async function freshAttemptAmong(
  { task }: Claim,
  { events }: Pick<Store, "events">,
  fresh: FreshAttempt,
): Promise<FreshAttempt> {
  // A run that was called is a task of its caller's.
  const told = await events.read(task.run ?? task.id, 0, undefined, "calls", kinds);
  let hasRun = false;
  let hasBegun = false;
  let hasEnded = false;
  for (const event of told) {
    if (event.task !== task.id) continue;
    const isMadeAgain = event.kind === "retrying" ? !isLoss(event.failure) : event.kind === "queued" && hasEnded;
    hasRun ||= event.kind === "running";
    // One that was aborted before it began has nothing behind it.
    hasEnded = hasRun && (event.kind === "failed" || event.kind === "aborted");
    if (isMadeAgain) {
      fresh.attempt += 1;
      fresh.since = event.seq;
      hasBegun = false;
    } else if (event.kind === "running" && !hasBegun) {
      fresh.beganAt = event.at;
      hasBegun = true;
    }
  }
  return fresh;
}

const kinds = ["queued", "running", "retrying", "failed", "aborted"] as const;
