/** Ids of the `each` nodes of a pipeline and of those that it calls: calls of a built-in whose turns run at the same time. */
import type { Pipeline } from "../../model/pipeline.ts";

export function fanOutsOf({ graph, pipelines = {} }: Pipeline): string[] {
  const found = new Set<string>();
  const pending: unknown[] = [graph, ...Object.values(pipelines).map((called) => called.graph)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const { kind, id } = next as { kind?: unknown; id?: unknown };
    if (kind === "each" && typeof id === "string") found.add(id);
    pending.push(...Object.values(next));
  }
  return [...found].sort();
}
