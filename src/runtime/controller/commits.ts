/** Turns are committed one after the other, while others go on. */
import type { Turn } from "./running-graph.ts";

type Committing = {
  commit(turn: Turn): Promise<void> | undefined;
  /** `made`: how many were committed by then. */
  committed(made: number): void;
};

export class Commits {
  readonly #committing: Committing;
  #made = 0;
  /** Resolves when all that were added are committed. */
  last: Promise<void> = Promise.resolve();

  constructor(committing: Committing) {
    this.#committing = committing;
  }

  add(turn: Turn): Promise<void> {
    this.last = this.#after(this.last, turn);
    return this.last;
  }

  async #after(before: Promise<void>, turn: Turn): Promise<void> {
    await before;
    const commit = this.#committing.commit(turn);
    if (commit) await commit;
    this.#made += 1;
    this.#committing.committed(this.#made);
  }
}
