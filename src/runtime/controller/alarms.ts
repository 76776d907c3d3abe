/** Alarms: the times that a run waits for. Whoever serves the run rings them; a ring is recorded, and reaches the graph as an event like any other. */
import { Subject } from "rxjs";
import type { Clock } from "../../model/clock.ts";
import type { Alarm } from "./waits.ts";

export class Alarms {
  readonly #clock: Clock;
  readonly #silence = new Map<string, () => void>();
  readonly #ring$ = new Subject<string>();
  /** Paths of waits whose time has come. */
  readonly ring$ = this.#ring$.asObservable();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(alarms: readonly Alarm[]): void {
    for (const { path, until } of alarms)
      this.#silence.set(
        path,
        this.#clock.at(until, () => {
          this.#silence.delete(path);
          this.#ring$.next(path);
        }),
      );
  }

  silence(paths: Iterable<string>): void {
    for (const path of paths) {
      this.#silence.get(path)?.();
      this.#silence.delete(path);
    }
  }

  close(): void {
    this.silence(this.#silence.keys());
  }
}
