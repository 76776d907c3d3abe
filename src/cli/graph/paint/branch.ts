/** A branch is a decision, and a group for each answer. */
import type { BranchNode, Node } from "../../../model/node.ts";
import { join, unionOf } from "../sources.ts";
import type { Painter } from "./painter.ts";
import { withoutReturn, worthOf } from "./worth.ts";

export function paintBranch(painter: Painter, node: BranchNode): void {
  const isSwitch = node.on !== undefined;
  const question = node.text ?? painter.print(isSwitch ? node.on! : node.cases[0]!.when);
  const decision = painter.draw(node, { kind: "decision", id: node.id, label: isSwitch ? question : `${question}?` });
  painter.link("control", painter.ofAll([node.on ?? null, ...node.cases.map(({ when }) => when)]), decision.id);
  painter.breakable([node.id], false, () => {
    const before = painter.values;
    const path = painter.path(node.id);
    const afters = answersOf(painter, node).map(({ nodes, id, label, answer, outcome }) => {
      painter.values = new Map(before);
      painter.hold(new Set([decision.id]));
      const group = painter.drawGroup(nodes, { id, label, way: { path, outcome, runsOn: isSwitch } });
      painter.inside(group, () => painter.run(node.into === undefined ? nodes : withoutReturn(nodes)));
      if (node.into !== undefined)
        painter.set(node.into, unionOf([new Set([decision.id]), painter.of(worthOf(nodes))]));
      painter.link("control", new Set([decision.id]), group.id, answer);
      return painter.values;
    });
    painter.values = afters.reduce(join);
  });
}

/** `outcome`: as a decision for it is recorded. */
type Answer = { nodes: Node[]; id: string; label: string; answer: string; outcome: number };

function answersOf(painter: Painter, { id, on, cases, otherwise }: BranchNode): Answer[] {
  const last = otherwise?.nodes ?? [];
  if (on === undefined)
    return [
      ...cases.map(({ nodes }, i) => ({ nodes, id: `${id}_then`, label: "then", answer: "yes", outcome: i })),
      { nodes: last, id: `${id}_else`, label: "else", answer: "no", outcome: -1 },
    ];
  const answers = cases.map(({ when, nodes, text }, i) => ({ nodes, answer: text ?? painter.print(when), outcome: i }));
  return [...answers, { nodes: last, answer: "default", outcome: -1 }].map(({ answer, ...way }, i) => ({
    ...way,
    id: `${id}_case${i + 1}`,
    label: answer,
    answer,
  }));
}
