/** Regions in data order: what they return is no way out, but what they are worth to the node around them. */
import type { Expression, Pattern } from "../../../model/expression.ts";
import type { Node } from "../../../model/node.ts";
import type { Painter } from "./painter.ts";

export const worthOf = (nodes: readonly Node[]): Expression | undefined =>
  nodes.findLast((node) => node.kind === "return")?.value;

export const withoutReturn = (nodes: readonly Node[]): Node[] => nodes.filter(({ kind }) => kind !== "return");

/** Gives the fields of a loop's state what a turn hands on to the next, besides what they had. */
export function handOn(painter: Painter, target: Pattern, value: Expression = null): void {
  if (target.kind !== "object" || typeof value !== "object" || value?.kind !== "object") return;
  for (const { key, target: field } of target.entries) {
    const entry = value.entries.find((each) => "key" in each && each.key === key);
    if (field.kind === "variable" && entry && "value" in entry) painter.add(field.name, painter.of(entry.value));
  }
}
