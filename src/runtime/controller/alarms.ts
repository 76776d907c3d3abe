/** Alarms: the times that a run waits for. Whoever serves the run rings them; a ring is recorded, and reaches the graph as an event like any other. */
import type { Clock } from "../../model/clock.ts";
import type { Alarm } from "./waits.ts";

export class Alarms {
  readonly #clock: Clock;
  readonly #ring: (path: string) => void;
  /** Most runs wait for no time. */
  #silence: Map<string, () => void> | undefined;

  /** `ring` hears the paths of waits whose time has come. */
  constructor(clock: Clock, ring: (path: string) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  set(alarms: readonly Alarm[]): void {
    this.#silence ??= new Map();
    for (const { path, until } of alarms)
      this.#silence.set(
        path,
        this.#clock.at(until, () => {
          this.#silence?.delete(path);
          this.#ring(path);
        }),
      );
  }

  silence(paths: Iterable<string>): void {
    for (const path of paths) {
      this.#silence?.get(path)?.();
      this.#silence?.delete(path);
    }
  }

  close(): void {
    if (this.#silence) this.silence(this.#silence.keys());
  }
}
