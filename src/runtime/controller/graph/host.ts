/** What runs a graph: it starts the steps, and hears of decisions. */
import type { BranchNode, CallNode, LoopNode } from "../../../model/node.ts";

export interface Host {
  /**
   * Starts a step; the promise settles when its result is delivered. `path` is the call's identity in the run (`model/identity.ts`). It must
   * be an ordinary promise, as any other kind would take more ticks to be awaited.
   */
  call(path: string, node: CallNode, input: unknown): Promise<unknown>;
  /**
   * A decision was made, for people. Of a branch: the index of the case that was taken, or -1 where none was (`else`, if there is one). Of a loop's
   * test: 1 for another turn, which the path names (`loop1[3]`), or -1 for none.
   */
  decide?(path: string, node: BranchNode | LoopNode, outcome: number): void;
  /** A source of chance or time, such as `Date.now`, asked for by the activation or turn at `path`. Without it there are none. */
  chance?(path: string, name: "Date.now" | "Math.random"): number;
}
