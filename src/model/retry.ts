/** Retries: how often a failed attempt is made again, and how long that waits. */
import { type Duration, durationMs } from "./duration.ts";
import { abortedName, type Failure, isLoss, timeLimitName } from "./failure.ts";

/** As an author writes it: a number of further attempts, or the details. */
export type Retry =
  | number
  | {
      /** Further attempts after the first. */
      limit: number;
      /** Before the second attempt; default 0. */
      delay?: Duration;
      /** What each further delay is multiplied by; default 2. */
      factor?: number;
      /** No delay is longer; default 1 hour. */
      maxDelay?: Duration;
      /** Only errors with one of these names are tried again; default: all. */
      when?: readonly string[];
      /** Further attempts after one that ran past its time limit, counted apart; default: as after any other failure. */
      timedOut?: number;
      /**
       * Further attempts after one whose process or agent was lost, counted apart: default as many as `limit` and at least 2 where the step's own process
       * died, and 20 where the agent did.
       */
      lost?: number;
    };

export type RetryPolicy = {
  limit: number;
  delayMs: number;
  factor: number;
  maxDelayMs: number;
  when?: string[];
  timedOut?: number;
  lost?: number;
};

/** Attempts that a task has behind it. Those that ran past their time limit are among the failures; those that were lost are not. */
export type Earlier = { failures: number; timedOut: number; lost: number };

export function retryPolicy(retry: Retry): RetryPolicy {
  const given = typeof retry === "number" ? { limit: retry } : retry;
  const { limit, delay = 0, factor = 2, maxDelay = "1h", when, timedOut, lost } = given;
  for (const attempts of [limit, timedOut ?? 0, lost ?? 0])
    if (!Number.isInteger(attempts) || attempts < 0)
      throw new RangeError(`retry: ${attempts} is not a number of further attempts (0, 1, 2 …)`);
  if (!(factor >= 1)) throw new RangeError(`retry: the factor ${factor} is below 1`);
  return {
    limit,
    delayMs: durationMs(delay),
    factor,
    maxDelayMs: durationMs(maxDelay),
    ...(when && { when: [...when] }),
    ...(timedOut !== undefined && { timedOut }),
    ...(lost !== undefined && { lost }),
  };
}

/** A process that dies is seldom the step's own doing, so that the step is tried again without a policy: so many further attempts. */
const afterLostProcess = 2;
/** Hardly ever is it a step's doing that its agent dies; but one that takes every agent along is stopped. */
const afterLostAgent = 20;

/**
 * What follows a failed attempt: milliseconds to wait before the next one, or `undefined` where there is none. An error's own `retryAfter` is honoured, even
 * above `maxDelay`; an aborted attempt is not tried again.
 */
export function retryDelayMs(policy: RetryPolicy | undefined, earlier: Earlier, failure: Failure): number | undefined {
  const { made, limit } = counted(policy, earlier, failure);
  if (made > limit) return undefined;
  const { delayMs, factor, maxDelayMs } = policy ?? { delayMs: 0, factor: 1, maxDelayMs: 0 };
  return failure.retryAfterMs ?? Math.min(delayMs * factor ** (made - 1), maxDelayMs);
}

/** Whether a task goes back to its queue after so many attempts were lost, the last with its agent. */
export const survivesLoss = (policy: RetryPolicy | undefined, lost: number): boolean =>
  lost <= (policy?.lost ?? afterLostAgent);

/** How many attempts of the failure's kind were made, it included, and how many may be followed by another one. */
function counted(
  policy: RetryPolicy | undefined,
  { failures, timedOut, lost }: Earlier,
  failure: Failure,
): { made: number; limit: number } {
  const { name } = failure;
  const own = policy?.timedOut;
  if (isLoss(failure)) return { made: lost + 1, limit: policy?.lost ?? Math.max(policy?.limit ?? 0, afterLostProcess) };
  if (name === timeLimitName && own !== undefined) return { made: timedOut + 1, limit: own };
  const isTried = policy !== undefined && name !== abortedName && (policy.when?.includes(name) ?? true);
  return { made: failures - (own === undefined ? 0 : timedOut) + 1, limit: isTried ? policy.limit : 0 };
}
