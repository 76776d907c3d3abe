/** The decisions of a run, explained and recorded with the turn in which they were made, each once however often the run is resumed. */
import type { BranchNode, LoopNode } from "../../../model/node.ts";
import type { Texts } from "../../../model/print-expression.ts";
import type { Command } from "../../ports.ts";
import type { Decision } from "./decision.ts";
import { explain } from "./explain.ts";

/** Given where there is nothing, and never changed. */
const none: never[] = [];

/** So many of one node are recorded between two deliveries, the latest ones: a body may decide a million times in a second. */
export const keptDecisions = 100;

type Made = { n: number; decision: Decision };

export class Decisions {
  readonly #texts: Texts;
  readonly #recorded: Set<string>;
  readonly #made = new Map<BranchNode | LoopNode, Made[]>();
  #count = 0;
  #skipped: { path: string; reason: string }[] = [];
  #commands: Command[] = [];

  /** `recorded`: the paths of those that earlier controllers of the run have committed. */
  constructor(texts: Texts, recorded: Set<string>) {
    this.#texts = texts;
    this.#recorded = recorded;
  }

  add(decision: Decision): void {
    this.#count += 1;
    const made = this.#made.get(decision.node);
    if (made === undefined) this.#made.set(decision.node, [{ n: this.#count, decision }]);
    else {
      made.push({ n: this.#count, decision });
      if (made.length === 2 * keptDecisions) made.splice(0, keptDecisions);
    }
  }

  /** See `Host.skip`. */
  skip(path: string, reason: string): void {
    this.#skipped.push({ path, reason });
  }

  /** To be called when a delivery has done all that it does. */
  endDelivery(): void {
    const skipped = this.#skipped;
    if (skipped.length > 0) this.#skipped = [];
    for (const { path, reason } of skipped)
      if (!this.#recorded.delete(path))
        this.#commands.push({
          kind: "decision",
          path,
          of: "skip",
          outcome: -1,
          explanation: `${reason} → skipped`,
        });
    if (this.#made.size === 0) return;
    const nodes = [...this.#made.values()];
    this.#made.clear();
    const kept =
      nodes.length === 1 ? nodes[0]!.slice(-keptDecisions) : nodes.flatMap((made) => made.slice(-keptDecisions));
    if (nodes.length > 1) kept.sort((a, b) => a.n - b.n);
    for (const { decision } of kept) {
      const { path, node, outcome } = decision;
      // A path decides once: what was made again needs no room any more.
      if (this.#recorded.delete(path)) continue;
      const explanation = explain(decision, this.#texts);
      this.#commands.push({ kind: "decision", path, of: node.kind, outcome, explanation });
    }
  }

  /** What is not recorded yet. */
  takeCommands(): Command[] {
    const commands = this.#commands;
    if (commands.length === 0) return none;
    this.#commands = [];
    return commands;
  }
}
