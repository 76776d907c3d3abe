import type { Node } from "./node.ts";
import type { Graph } from "./pipeline.ts";

/** Every node of that kind in a graph, however deep, in its order. No recursion: the graph may come from anybody. */
export function nodesOf<Kind extends Node["kind"]>(graph: Graph, kind: Kind): Extract<Node, { kind: Kind }>[] {
  const found: Extract<Node, { kind: Kind }>[] = [];
  const pending: unknown[] = [graph];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const { kind: itsKind, id } = next as { kind?: unknown; id?: unknown };
    if (itsKind === kind && typeof id === "string") found.push(next as Extract<Node, { kind: Kind }>);
    for (const part of Object.values(next).reverse()) pending.push(part);
  }
  return found;
}
