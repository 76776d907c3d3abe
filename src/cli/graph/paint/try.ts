/** A try is a group, and its catch and its finally are others. */
import type { TryNode } from "../../../model/node.ts";
import { join, none } from "../sources.ts";
import type { Painter } from "./painter.ts";

export function paintTry(painter: Painter, { id, at, nodes, catch: handler, finally: last }: TryNode): void {
  const before = new Map(painter.values);
  const attempt = painter.drawGroup(nodes, { id, label: "try", ...(at && { at }) });
  painter.inside(attempt, () => painter.run(nodes));
  if (handler) {
    const after = painter.values;
    painter.values = join(before, after);
    const group = painter.drawGroup(handler.nodes, { id: `${id}_catch`, label: "catch" });
    if (handler.target) painter.assign(handler.target, none);
    painter.inside(group, () => painter.run(handler.nodes));
    painter.link("control", new Set([attempt.id]), group.id, "on error");
    painter.values = join(after, painter.values);
  }
  if (last) painter.inside(painter.drawGroup(last, { id: `${id}_finally`, label: "finally" }), () => painter.run(last));
}
