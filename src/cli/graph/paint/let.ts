/** Computation draws nothing: it says what values are made from. An await holds what follows as well. */
import type { AwaitNode, LetNode } from "../../../model/node.ts";
import { namesOf, none, type Sources } from "../sources.ts";
import type { Painter } from "./painter.ts";

export function paintLet(painter: Painter, node: LetNode): void {
  compute(painter, node);
}

/** In data order it holds only what reads it. */
export function paintAwait(painter: Painter, node: AwaitNode): void {
  const made = compute(painter, node);
  if (painter.order === "sequence") painter.hold(made);
}

function compute(painter: Painter, node: AwaitNode | LetNode): Sources {
  const made = painter.of(node.value, ...(node.reads ?? []));
  if (node.target) painter.assign(node.target, made);
  const whole = node.target ? namesOf(node.target) : none;
  for (const name of node.writes ?? []) if (!whole.has(name)) painter.add(name, made);
  return made;
}
