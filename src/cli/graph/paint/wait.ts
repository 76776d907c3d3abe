/** A durable wait, for a time or for a signal. */
import type { Expression } from "../../../model/expression.ts";
import type { SignalNode, TimerNode } from "../../../model/node.ts";
import type { Painter } from "./painter.ts";

export function paintTimer(painter: Painter, node: TimerNode): void {
  if (node.after === undefined) paintWait(painter, node, "sleep until", node.until ?? null);
  else paintWait(painter, node, "sleep", node.after);
}

export function paintSignal(painter: Painter, node: SignalNode): void {
  paintWait(painter, node, "signal", node.name);
}

/** In data order it begins when all is there that it reads, which may be more. */
function paintWait(painter: Painter, node: TimerNode | SignalNode, word: string, given: Expression): void {
  const shape = painter.draw(node, { kind: "wait", id: node.id, label: `${word} ${painter.print(given)}` });
  const read = painter.order === "data" ? (node.reads ?? []) : [];
  painter.link("data", painter.of(given, ...read), shape.id);
  painter.set(node.into, new Set([shape.id]));
}
