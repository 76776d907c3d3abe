/**
 * Fuel: what a body burns as it computes, so that one that computes without end cannot block its controller. A unit is about a tenth of a
 * microsecond: a turn of a loop, a call of a function, or what `bounds/` says of a built-in. Time itself is no measure: a run must do the
 * same when it is run again.
 */
import { BudgetError, type Fatal, OutgrownError } from "./fatal.ts";

/** Units between two deliveries: about a second. */
export const defaultBudget = 10_000_000;

/** In a process that other runs share, a body may hold them up for so long: about a tenth of a second. */
const sharedBudget = 1_000_000;
/** And for so long in all: as what is computed may be kept, this bounds what it takes of their memory. */
const sharedTotal = 20_000_000;

export class Fuel {
  readonly limit: number;
  /** Do other runs share the process? A body that needs more than its share is moved to a process of its own. */
  readonly shared: boolean;
  left: number;
  /** What `left` was at the last delivery. */
  #filled: number;
  #total: number;

  /** `limit`: units between two deliveries. */
  constructor(limit = defaultBudget, { shared = false }: { shared?: boolean } = {}) {
    this.limit = limit;
    this.shared = shared;
    this.#total = shared ? sharedTotal : Number.POSITIVE_INFINITY;
    this.#filled = this.left = this.#perDelivery();
  }

  /** To be called at each delivery. What ran out stays so. */
  refuel(): void {
    if (this.left < 0) return;
    this.#total -= this.#filled - this.left;
    this.#filled = this.left = this.#perDelivery();
  }

  /** What the run ends with when it ran out. */
  exhausted(): Fatal {
    return this.#filled < this.limit ? new OutgrownError() : new BudgetError(budgetMessage(this.limit));
  }

  #perDelivery(): number {
    return this.shared ? Math.min(this.limit, sharedBudget, this.#total) : this.limit;
  }
}

const budgetMessage = (limit: number): string =>
  `the pipeline's body computed for ${limit} units without waiting for a step: it may loop without end. ` +
  "Move long computations into a step, or raise the budget (--budget, or open({ budget }))";
