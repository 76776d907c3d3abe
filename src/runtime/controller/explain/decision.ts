/** A decision as it is made: which node went which way, and what it weighed. */
import type { BranchNode, LoopNode } from "../../../model/node.ts";
import type { Context } from "../graph/context.ts";
import type { Weighed } from "./trace.ts";

export class Decision {
  readonly node: BranchNode | LoopNode;
  /** See `Decided`. */
  readonly outcome: number;
  /** The tests that were made, in order; of a `switch`, what it is on. */
  readonly weighed: readonly Weighed[];
  readonly #context: Context;

  /** `context`: of a loop, its turn. */
  constructor(context: Context, node: BranchNode | LoopNode, outcome: number, weighed: readonly Weighed[]) {
    this.#context = context;
    this.node = node;
    this.outcome = outcome;
    this.weighed = weighed;
  }

  /** Made where somebody asks: a loop without end makes very many decisions. */
  get path(): string {
    return this.node.kind === "loop" ? this.#context.path : this.#context.pathOf(this.node.id);
  }
}
