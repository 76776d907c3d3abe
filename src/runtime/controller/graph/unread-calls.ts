/**
 * Which calls give outputs that the graph never looks into: they are awaited, kept in variables, and passed to steps, whole or by a field, and nothing
 * else. Found before the graph runs, with doubt on the side of looking.
 */
import type { AwaitNode, CallNode } from "../../../model/node.ts";
import { nodesOf } from "../../../model/nodes-of.ts";
import type { Graph } from "../../../model/pipeline.ts";

/** `steps`: the templates whose input is fetched by who runs them. Gives ids of calls; functions may share ids, and then all of those calls are such. */
export function unreadCalls(graph: Graph, steps: { has(template: string): boolean }): ReadonlySet<string> {
  const uses = usesIn(graph, steps);
  const unread = new Set<string>();
  const looked = new Set<string>();
  for (const call of nodesOf(graph, "call"))
    (call.template !== undefined && isUnread(call, graph, uses) ? unread : looked).add(call.id);
  return new Set([...unread].filter((id) => !looked.has(id)));
}

function isUnread({ as, into, template }: CallNode, { order }: Graph, uses: Uses): boolean {
  if (template === undefined || as === "handle") return false;
  if (as === "detached") return true;
  if (uses.looked.has(into)) return false;
  if (order === "data") return true;
  return (uses.awaits.get(into) ?? []).every(({ target }) => {
    if (target === undefined) return true;
    if (target.kind === "variable") return !uses.looked.has(target.name);
    if (target.kind !== "object" || target.rest) return false;
    return target.entries.every(
      ({ key, target: part, default: missing }) =>
        isPlainKey(key) &&
        missing === undefined &&
        part.kind === "variable" &&
        !uses.looked.has(part.name) &&
        // A field of a field may not be there.
        !uses.taken.has(part.name),
    );
  });
}

type Uses = {
  /** Variables that are used in another way than to be awaited or passed on. */
  looked: Set<string>;
  /** Those of which a field is passed on. */
  taken: Set<string>;
  /** By the variable that is awaited. */
  awaits: Map<string, AwaitNode[]>;
};

type Part = { kind?: unknown; [key: string]: unknown };

/** No recursion over what is merely walked through: the graph may come from anybody. */
function usesIn(graph: Graph, steps: { has(template: string): boolean }): Uses {
  const uses: Uses = { looked: new Set(), taken: new Set(), awaits: new Map() };
  const pending: unknown[] = [graph];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const part = next as Part;
    if (isVariable(part)) uses.looked.add(part.name);
    else if (part.kind === "call" && typeof part.template === "string" && steps.has(part.template))
      pending.push(...passedOn((part as unknown as CallNode).args, uses));
    else if (part.kind === "await") pending.push(...awaited(part as unknown as AwaitNode, uses));
    else if (part.kind === "let" && isVariable(part.target)) pending.push(part.value);
    else pending.push(...Object.values(part));
  }
  return uses;
}

function awaited(node: AwaitNode, { awaits }: Uses): unknown[] {
  const { value, target } = node;
  const bound = target === undefined || target.kind === "variable" || target.kind === "object";
  if (!isVariable(value) || !bound) return [value, target];
  awaits.set(value.name, [...(awaits.get(value.name) ?? []), node]);
  return target?.kind === "object" ? target.entries.map(({ default: missing }) => missing) : [];
}

/** Gives what in the arguments is more than a value, its field, or a literal of such. */
function passedOn(args: unknown[], { taken }: Uses): unknown[] {
  const others: unknown[] = [];
  const pending = [...args];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null || isVariable(next)) continue;
    const part = next as Part;
    if (part.kind === "member" && isVariable(part.of) && isPlainKey(part.key) && !part.optional)
      taken.add(part.of.name);
    else if (part.kind === "array") pending.push(...(part.items as unknown[]));
    else if (part.kind === "object") {
      for (const entry of part.entries as Part[])
        (isPlainKey(entry.key) ? pending : others).push(isPlainKey(entry.key) ? entry.value : entry);
    } else others.push(part);
  }
  return others;
}

const isVariable = (part: unknown): part is { kind: "variable"; name: string } =>
  typeof part === "object" &&
  part !== null &&
  (part as Part).kind === "variable" &&
  typeof (part as Part).name === "string";

/** A field that is the value's own wherever it has it; a method of the language's cannot be passed to a step, and the step says so. */
const isPlainKey = (key: unknown): key is string =>
  typeof key === "string" && !(key in Object.prototype) && key !== "stack" && !computed.has(key);

/** What the language computes when it is asked for, such as the size of a Map. */
const computed: ReadonlySet<string> = new Set(
  [Map, Set, RegExp, Error, URL, ArrayBuffer, Object.getPrototypeOf(Uint8Array), Uint8Array].flatMap(({ prototype }) =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([key, { value }]) =>
      typeof value === "function" ? [] : [key],
    ),
  ),
);
