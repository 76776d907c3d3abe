/** A try is a group, and its catch and its finally are others. */
import type { Node, TryNode } from "../../../model/node.ts";
import { join, none, unionOf } from "../sources.ts";
import type { Painter } from "./painter.ts";
import { withoutReturn, worthOf } from "./worth.ts";

export function paintTry(painter: Painter, { id, at, nodes, catch: handler, finally: last, into }: TryNode): void {
  const before = new Map(painter.values);
  const worth: ReturnType<Painter["of"]>[] = [];
  /** In data order, what the region is worth is no node of its own. */
  const run = (region: Node[]) => {
    painter.run(into === undefined ? region : withoutReturn(region));
    if (into !== undefined) worth.push(painter.of(worthOf(region)));
  };
  const attempt = painter.drawGroup(nodes, { id, label: "try", ...(at && { at }) });
  painter.inside(attempt, () => run(nodes));
  if (handler) {
    const after = painter.values;
    painter.values = join(before, after);
    const group = painter.drawGroup(handler.nodes, { id: `${id}_catch`, label: "catch" });
    if (handler.target) painter.assign(handler.target, none);
    painter.inside(group, () => run(handler.nodes));
    painter.link("control", new Set([attempt.id]), group.id, "on error");
    painter.values = join(after, painter.values);
  }
  if (last) painter.inside(painter.drawGroup(last, { id: `${id}_finally`, label: "finally" }), () => painter.run(last));
  if (into !== undefined) painter.set(into, unionOf(worth));
}
