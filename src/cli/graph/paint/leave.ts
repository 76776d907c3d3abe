/** The ways out. */
import type { BreakNode, ContinueNode, ReturnNode, ThrowNode } from "../../../model/node.ts";
import { join, none } from "../sources.ts";
import type { Painter } from "./painter.ts";

export function paintReturn(painter: Painter, node: ReturnNode): void {
  const made = painter.of(node.value);
  if (!painter.returns(made)) painter.exit(node, node.id, "return", made);
}

export function paintThrow(painter: Painter, node: ThrowNode): void {
  painter.exit(node, node.id, `throw ${painter.print(node.value)}`, painter.of(node.value));
}

/** Out of a `switch` it is no way of its own in the picture. */
export function paintBreak(painter: Painter, node: BreakNode): void {
  const { id, label } = node;
  const left = painter.breaks.findLast(({ names, isLoop }) => (label ? names.includes(label) : isLoop));
  if (!left) return;
  left.values = join(left.values, painter.values);
  if (left.isLoop) painter.exit(node, id, label ? `break ${label}` : "break", none);
}

export function paintContinue(painter: Painter, node: ContinueNode): void {
  painter.exit(node, node.id, node.label ? `continue ${node.label}` : "continue", none);
}
