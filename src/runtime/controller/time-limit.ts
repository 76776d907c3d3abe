/** The time limit of a run: it counts from when the run was first begun, by whichever agent, and not from when it was resumed. */

import type { Clock } from "../../model/clock.ts";
import type { Revoked } from "../ports.ts";

export class TimeLimit {
  readonly #clock: Clock;
  readonly #endsAt: number;
  #end: (() => void) | undefined;
  #silence = () => {};
  isOver = false;

  /** `endsAt`: milliseconds since 1970, or infinity where there is none. */
  constructor(clock: Clock, endsAt: number) {
    this.#clock = clock;
    this.#endsAt = endsAt;
  }

  /** What aborts with that, and when the time is over. */
  within(revoked: Revoked): Revoked {
    if (this.#endsAt === Number.POSITIVE_INFINITY) return revoked;
    const either = new AbortController();
    if (revoked.aborted) either.abort();
    revoked.addEventListener("abort", () => either.abort(), { once: true });
    this.#end = () => {
      this.isOver = true;
      either.abort();
    };
    return either.signal;
  }

  /** Looks at the clock from now on. */
  start(): void {
    if (this.#end !== undefined) this.#silence = this.#clock.at(this.#endsAt, this.#end);
  }

  stop(): void {
    this.#silence();
  }
}
