/** The calls of a graph whose input is known before any step has run: it is made of literals, params and constants alone. */
import type { Expression } from "../../model/expression.ts";
import type { CallNode, LetNode, Node } from "../../model/node.ts";
import { nodesOf } from "../../model/nodes-of.ts";
import type { Graph } from "../../model/pipeline.ts";

/** `graph` makes them all at once, and waits. `calls`: the id of each there → its node. Undefined where there are none. */
export type KnownCalls = { graph: Graph; calls: ReadonlyMap<string, CallNode> };

/** Of calls of those templates. */
export function knownCalls(
  { module, body }: Graph,
  templates: { has(template: string): boolean },
): KnownCalls | undefined {
  const graph: Graph = { order: "sequence", module: [], body };
  const written = writesOf(graph);
  const known = new Set([...variablesIn(body.params), ...variablesIn(module)].filter((name) => !written.has(name)));
  const isKnown = (...parts: unknown[]) =>
    [...variablesIn(parts)].every((name) => known.has(name)) && !readsChance(parts);
  const constants: LetNode[] = [];
  for (const node of nodesOf(graph, "let")) {
    const names = [...variablesIn(node.target)];
    if (node.declare === undefined || !isKnown(node.value) || names.some((name) => written.get(name) !== 1)) continue;
    constants.push({ ...node, id: `constant${constants.length + 1}` });
    for (const name of names) known.add(name);
  }
  const calls = nodesOf(graph, "call").filter(
    ({ template, args }) => template !== undefined && templates.has(template) && isKnown(args),
  );
  if (calls.length === 0) return undefined;
  const made = calls.map((call, i): CallNode => ({ ...call, id: `call${i + 1}`, into: `$call${i + 1}` }));
  const first: Expression = { kind: "variable", name: made[0]!.into };
  const nodes: Node[] = [...constants, ...made, { kind: "await", id: "await", value: first }];
  return {
    graph: { order: "sequence", module, body: { ...body, nodes } },
    calls: new Map(made.map(({ id }, i) => [id, calls[i]!])),
  };
}

/** How many nodes set each variable, or change what it holds. */
function writesOf(graph: Graph): Map<string, number> {
  const written = new Map<string, number>();
  const leaves = [...nodesOf(graph, "let"), ...nodesOf(graph, "await"), ...nodesOf(graph, "call")];
  const heads = nodesOf(graph, "loop").flatMap(({ over, state }) => [...variablesIn([over?.target, state?.target])]);
  for (const name of [...leaves.flatMap(({ writes = [] }) => writes), ...heads])
    written.set(name, (written.get(name) ?? 0) + 1);
  return written;
}

const chance = new Set(["Date", "Math", "crypto", "performance"]);

const readsChance = (parts: unknown): boolean => [...namesIn(parts, "global")].some((name) => chance.has(name));
const variablesIn = (parts: unknown) => namesIn(parts, "variable");

function* namesIn(part: unknown, kind: "global" | "variable"): Generator<string> {
  if (typeof part !== "object" || part === null) return;
  const found = part as { kind?: unknown; name?: unknown };
  if (found.kind === kind && typeof found.name === "string") yield found.name;
  else for (const inner of Object.values(part)) yield* namesIn(inner, kind);
}
