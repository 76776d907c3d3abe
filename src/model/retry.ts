/** Retries: how often a failed attempt is made again, and how long that waits. */
import { type Duration, durationMs } from "./duration.ts";
import { abortedName, type Failure } from "./failure.ts";

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
    };

export type RetryPolicy = { limit: number; delayMs: number; factor: number; maxDelayMs: number; when?: string[] };

export function retryPolicy(retry: Retry): RetryPolicy {
  const given = typeof retry === "number" ? { limit: retry } : retry;
  const { limit, delay = 0, factor = 2, maxDelay = "1h", when } = given;
  if (!Number.isInteger(limit) || limit < 0)
    throw new RangeError(`retry: ${limit} is not a number of further attempts (0, 1, 2 …)`);
  if (!(factor >= 1)) throw new RangeError(`retry: the factor ${factor} is below 1`);
  return {
    limit,
    delayMs: durationMs(delay),
    factor,
    maxDelayMs: durationMs(maxDelay),
    ...(when && { when: [...when] }),
  };
}

/**
 * What follows a failed attempt: milliseconds to wait before the next one, or `undefined` where there is none. Attempts count from 1. An
 * error's own `retryAfter` is honoured, even above `maxDelay`; an aborted attempt is not tried again.
 */
export function retryDelayMs(policy: RetryPolicy | undefined, attempt: number, failure: Failure): number | undefined {
  if (policy === undefined || attempt > policy.limit || failure.name === abortedName) return undefined;
  if (policy.when && !policy.when.includes(failure.name)) return undefined;
  return failure.retryAfterMs ?? Math.min(policy.delayMs * policy.factor ** (attempt - 1), policy.maxDelayMs);
}
