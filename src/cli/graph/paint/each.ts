/** A fan-out is a group: what runs for each item, all at the same time. */
import type { EachNode } from "../../../model/node.ts";
import { none, unionOf } from "../sources.ts";
import { activate, localOf } from "./function.ts";
import type { Painter } from "./painter.ts";

export function paintEach(painter: Painter, node: EachNode): void {
  const of = painter.of(node.of);
  const label = `each of ${painter.print(node.of)} (${node.method})`;
  const group = painter.drawGroup(node, { id: node.id, label, path: painter.path(`${node.id}[]`), runs: "items" });
  const local = localOf(node.function, group);
  const mapped = node.method === "map" || node.method === "flatMap";
  const all = () => unionOf([of, painter.ofAll(node.args), local.results]);
  painter.untilStable(() => {
    activate(painter, local, [of, mapped ? none : all()]);
  });
  painter.set(node.into, mapped ? local.results : all());
}
