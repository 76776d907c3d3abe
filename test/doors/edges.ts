/** The data edges between the calls of a graph, whichever nodes and variables lie between them. */
import type { Node } from "../../src/model/node.ts";
import type { Graph } from "../../src/model/pipeline.ts";

/** `["loop1/guess ← guess", …]`, and the params that calls read: `guess ← of`. Sorted. */
export function edgesOf({ body }: Graph): string[] {
  const sources = new Map<string, Set<string>>();
  for (const { target } of body.params) for (const name of namesIn(target)) sources.set(name, new Set([name]));
  const edges = new Set<string>();
  // A loop hands on to its next turn: until nothing is new.
  for (let known = -1; known !== size(sources); ) {
    known = size(sources);
    walk(body.nodes, "", sources, edges);
  }
  return [...edges].sort();
}

type Sources = Map<string, Set<string>>;

function walk(nodes: readonly Node[], path: string, sources: Sources, edges: Set<string>): void {
  for (const node of nodes) {
    const read = new Set((node.reads ?? []).flatMap((name) => [...(sources.get(name) ?? [])]));
    if (node.kind === "call" && node.template !== undefined) {
      const call = path + node.id;
      for (const source of read) edges.add(`${call} ← ${source}`);
      give(sources, node.into, [call]);
      continue;
    }
    if (node.kind === "each") {
      for (const { target } of node.function.params) for (const name of namesIn(target)) give(sources, name, read);
      walk(node.function.nodes, `${path}${node.id}/`, sources, edges);
      give(sources, node.into, worth(node.function.nodes, sources));
    } else if (node.kind === "loop") {
      walk(node.nodes, `${path}${node.id}/`, sources, edges);
      for (const { key, target } of node.state?.target.kind === "object" ? node.state.target.entries : [])
        for (const name of namesIn(target))
          for (const value of [node.state?.value, returned(node.nodes)])
            give(sources, name, field(value, String(key), sources));
      if (node.into) give(sources, node.into, worth(node.nodes, sources));
    } else if (node.kind === "branch") {
      const ways = [...node.cases.map((one) => one.nodes), ...(node.otherwise ? [node.otherwise.nodes] : [])];
      for (const way of ways) walk(way, path, sources, edges);
      if (node.into) give(sources, node.into, [...ways.flatMap((way) => worth(way, sources)), ...read]);
    } else for (const name of node.writes ?? []) give(sources, name, read);
  }
}

const returned = (nodes: readonly Node[]) => nodes.find((node) => node.kind === "return")?.value;

const worth = (nodes: readonly Node[], sources: Sources): string[] =>
  namesIn(returned(nodes)).flatMap((name) => [...(sources.get(name) ?? [])]);

/** Where a field of `{ … }` comes from. */
function field(value: unknown, key: string, sources: Sources): string[] {
  const { entries } = value as { entries: { key: unknown; value: unknown }[] };
  const found = entries.find((entry) => entry.key === key)?.value;
  return namesIn(found).flatMap((name) => [...(sources.get(name) ?? [])]);
}

function namesIn(part: unknown): string[] {
  if (typeof part !== "object" || part === null) return [];
  if ("kind" in part && part.kind === "variable") return [(part as unknown as { name: string }).name];
  return Object.values(part).flatMap(namesIn);
}

function give(sources: Sources, name: string, given: Iterable<string>): void {
  sources.set(name, new Set([...(sources.get(name) ?? []), ...given]));
}

const size = (sources: Sources): number => [...sources.values()].reduce((sum, { size }) => sum + size, 0);
