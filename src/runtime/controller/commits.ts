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
  /** How many were added that are not committed. */
  #open = 0;
  /** Resolves when all that were added are committed. */
  last: Promise<void> = Promise.resolve();

  constructor(committing: Committing) {
    this.#committing = committing;
  }

  add(turn: Turn): Promise<void> {
    this.last = this.#after(this.#open === 0 ? undefined : this.last, turn);
    return this.last;
  }

  /** Where one has failed, all that are added later fail as it did. */
  async #after(before: Promise<void> | undefined, turn: Turn): Promise<void> {
    this.#open += 1;
    if (before) await before;
    const commit = this.#committing.commit(turn);
    if (commit) await commit;
    this.#open -= 1;
    this.#made += 1;
    this.#committing.committed(this.#made);
  }
}
