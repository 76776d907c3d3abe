/** The time limit of a run: it counts from when the run was first begun, by whichever agent, and not from when it was resumed. */
import type { Clock } from "../../model/clock.ts";

export class TimeLimit {
  readonly #clock: Clock;
  readonly #endsAt: number;
  #over: AbortController | undefined;
  #silence = () => {};

  /** `endsAt`: milliseconds since 1970, or infinity where there is none. */
  constructor(clock: Clock, endsAt: number) {
    this.#clock = clock;
    this.#endsAt = endsAt;
  }

  get isOver(): boolean {
    return this.#over?.signal.aborted ?? false;
  }

  /** The signal, or another one that aborts when the time is over, too. */
  within(signal: AbortSignal): AbortSignal {
    if (this.#endsAt === Number.POSITIVE_INFINITY) return signal;
    this.#over ??= new AbortController();
    return AbortSignal.any([signal, this.#over.signal]);
  }

  /** Looks at the clock from now on. */
  start(): void {
    const over = this.#over;
    if (over !== undefined) this.#silence = this.#clock.at(this.#endsAt, () => over.abort());
  }

  stop(): void {
    this.#silence();
  }
}
