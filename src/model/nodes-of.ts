import type { Node } from "./node.ts";
import type { Graph } from "./pipeline.ts";

/** Every node of that kind in a graph, however deep. No recursion: the graph may come from anybody. */
export function nodesOf<Kind extends Node["kind"]>(graph: Graph, kind: Kind): Extract<Node, { kind: Kind }>[] {
  const found: Extract<Node, { kind: Kind }>[] = [];
  const pending: unknown[] = [graph];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const part = next as { kind?: unknown; id?: unknown };
    if (part.kind === kind && typeof part.id === "string") found.push(next as Extract<Node, { kind: Kind }>);
    pending.push(...Object.values(next));
  }
  return found;
}
