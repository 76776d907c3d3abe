/** The time limit of a run: it counts from when the run was first begun, by whichever agent, and not from when it was resumed. */
import type { Clock } from "../../model/clock.ts";

export class TimeLimit {
  readonly #clock: Clock;
  readonly #endsAt: number;
  readonly #over = new AbortController();
  #silence = () => {};

  /** `endsAt`: milliseconds since 1970, or infinity where there is none. */
  constructor(clock: Clock, endsAt: number) {
    this.#clock = clock;
    this.#endsAt = endsAt;
  }

  /** Aborts when the time is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Looks at the clock from now on. */
  start(): void {
    if (this.#endsAt < Number.POSITIVE_INFINITY) this.#silence = this.#clock.at(this.#endsAt, () => this.#over.abort());
  }

  stop(): void {
    this.#silence();
  }
}
