/** Arguments of a call, left to right, each one before a lifted call or await kept. */
import { ts } from "ts-morph";
import type { Argument } from "../../model/expression.ts";
import type { Region } from "./region.ts";

export function args(nodes: readonly ts.Expression[], region: Region): Argument[] {
  const last = nodes.findLastIndex((node) => region.shared.lifts.has(node));
  return nodes.map((node, i) => argument(node, i < last, region));
}

function argument(node: ts.Expression, keep: boolean, region: Region): Argument {
  if (!ts.isSpreadElement(node)) {
    const value = region.expression(node);
    return keep ? region.keep(value, node) : value;
  }
  const of = region.expression(node.expression);
  // A spread is iterated in its turn: what is kept is the array of its values.
  return {
    kind: "spread",
    of: keep ? region.temporary({ kind: "array", items: [{ kind: "spread", of }] }, node.expression) : of,
  };
}
