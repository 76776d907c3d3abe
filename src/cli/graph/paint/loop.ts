/** A loop is a group with its test in words, the decision whether to go on, and what runs in a turn. */
import { loopText } from "../../../model/loop-text.ts";
import type { LoopNode } from "../../../model/node.ts";
import type { Shape } from "../picture.ts";
import { unionOf } from "../sources.ts";
import { prune } from "../visible.ts";
import type { Painter } from "./painter.ts";
import { handOn, withoutReturn, worthOf } from "./worth.ts";

export function paintLoop(painter: Painter, node: LoopNode): void {
  const label = loopText(node, painter.texts);
  const group = painter.drawGroup(node, { id: node.id, label, path: painter.path(`${node.id}[]`), runs: "turns" });
  painter.inside(group, () => {
    painter.run(node.init ?? []);
    if (node.state) handOn(painter, node.state.target, node.state.value);
    let again: Shape | undefined;
    painter.breakable([undefined, node.label, node.id], true, () => {
      painter.untilStable(() => {
        if (node.form !== "do") again = askAgain(painter, node);
        if (node.over) painter.assign(node.over.target, painter.of(node.over.value));
        painter.run(node.state ? withoutReturn(node.nodes) : node.nodes);
        if (node.state) handOn(painter, node.state.target, worthOf(node.nodes));
        painter.run(node.update ?? []);
        again = askAgain(painter, node);
      });
    });
    if (node.into && again) painter.set(node.into, unionOf([new Set([again.id]), painter.of(worthOf(node.nodes))]));
    if (again) linkFirst(painter, again, group.shapes.slice(node.form === "do" ? 0 : group.shapes.indexOf(again) + 1));
  });
}

/** Drawn before what runs in a turn, or after it, as the test is. */
function askAgain(painter: Painter, { id, test }: LoopNode): Shape | undefined {
  if (!test) return undefined;
  painter.run(test.nodes);
  const again = painter.draw(test, { kind: "decision", id: `${id}_again`, label: "again?" });
  painter.link("control", painter.of(test.value), again.id);
  painter.hold(new Set([again.id]));
  return again;
}

function linkFirst(painter: Painter, again: Shape, turn: Shape[]): void {
  const first = prune(turn).find(({ kind }) => kind !== "decision");
  if (first) painter.link("control", new Set([again.id]), first.id, "yes");
}
