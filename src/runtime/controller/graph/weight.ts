/**
 * Weight: what it takes, at most, to run a piece of the graph once, in units of fuel. Turns of loops and calls of functions burn the weight of their
 * bodies, so that what is burned is in proportion to what is computed, however large the graph.
 */

import type { Expression } from "../../../model/expression.ts";
import type { Closure, Node } from "../../../model/node.ts";

/** An expression takes about a hundredth of a microsecond. */
const expressionsPerUnit = 8;

export const weight = (piece: Node | Closure | Expression): number => 1 + Math.floor(count(piece) / expressionsPerUnit);

const counts = new WeakMap<object, number>();

/** Kinds in the tree: nested bodies are counted with what is around them, as if they ran once. */
function count(tree: unknown): number {
  if (tree === null || typeof tree !== "object") return 0;
  let known = counts.get(tree);
  if (known === undefined) {
    known = "kind" in tree ? 1 : 0;
    for (const part of Object.values(tree)) known += count(part);
    counts.set(tree, known);
  }
  return known;
}
