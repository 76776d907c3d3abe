/** Rates: how many tasks of a step may start in any span of a length, on all agents together. */
import { durationMs } from "./duration.ts";

/** `"60/m"`: at most 60 in any minute; `"5/10s"`: at most five in any ten seconds. */
export type Rate = `${number}/${string}`;

export type RateLimit = { count: number; perMs: number };

/** Throws a RangeError that says how a rate is written. */
export function rateLimit(rate: Rate): RateLimit {
  const [, count = "", number = "", unit = ""] = /^([1-9]\d*)\/(\d*)(ms|s|m|h|d)$/.exec(String(rate)) ?? [];
  const perMs = unit === "" ? 0 : durationMs(`${number || "1"}${unit}`);
  if (perMs === 0)
    throw new RangeError(`rate: ${JSON.stringify(rate)} is not a rate: write, say, "60/m", "1/s" or "5/10s"`);
  return { count: Number(count), perMs };
}

/** When another one may start, where the last but `count - 1` started at that time, or there were fewer; `undefined`: at once. */
export function mayStartAt({ perMs }: RateLimit, startedAt: number | undefined, now: number): number | undefined {
  return startedAt !== undefined && startedAt + perMs > now ? startedAt + perMs : undefined;
}
