/** The parts of nodes, expressions and patterns: what stands within what. */
import type { Expression, Item, Pattern } from "../../model/expression.ts";
import type { Node } from "../../model/node.ts";

/** Anything that may stand within an expression. */
export type Part = Expression | Item;

/** The expressions of a node itself, not of its regions. */
export function expressionsOf(node: Node): Expression[] {
  switch (node.kind) {
    case "call":
      return node.fn === undefined ? node.args : [node.fn, ...node.args];
    case "each":
      return [node.of, ...node.args];
    case "timer":
      return [node.after ?? node.until ?? null];
    case "signal":
      return node.options === undefined ? [node.name] : [node.name, node.options];
    case "await":
    case "throw":
      return [node.value];
    case "let":
    case "return":
      return node.value === undefined ? [] : [node.value];
    case "branch":
      return [...(node.on === undefined ? [] : [node.on]), ...node.cases.map((one) => one.when)];
    case "loop":
      return [...(node.test ? [node.test.value] : []), ...(node.over ? [node.over.value] : [])];
    case "try":
    case "block":
    case "function":
    case "break":
    case "continue":
      return [];
  }
}

export function regionsOf(node: Node): Node[][] {
  switch (node.kind) {
    case "branch":
      return [...node.cases.map((one) => one.nodes), ...(node.otherwise ? [node.otherwise.nodes] : [])];
    case "loop":
      return [node.init ?? [], node.test?.nodes ?? [], node.nodes, node.update ?? []];
    case "try":
      return [node.nodes, node.catch?.nodes ?? [], node.finally ?? []];
    case "block":
      return [node.nodes];
    case "each":
    case "function":
      return [node.function.nodes];
    default:
      return [];
  }
}

/** The variables that a node makes known to what follows it. */
export function declaredBy(node: Node): string[] {
  if (node.kind === "function") return [node.variable];
  if ("into" in node && node.into !== undefined) return [node.into];
  return (node.kind === "let" || node.kind === "await") && node.declare && node.target ? targets(node.target) : [];
}

export function partsOf(node: Part): Part[] {
  if (!isObject(node)) return [];
  switch (node.kind) {
    case "member":
      return [node.of, node.key];
    case "apply":
    case "new":
      return [node.callee, ...node.args];
    case "chain":
    case "spread":
    case "unary":
      return [node.of];
    case "binary":
    case "logical":
      return [node.left, node.right];
    case "conditional":
      return [node.test, node.then, node.else];
    case "template":
      return node.values;
    case "array":
    case "comma":
      return node.items;
    case "object":
      return node.entries.flatMap((entry): Part[] => ("kind" in entry ? [entry] : [entry.key, entry.value]));
    default:
      return [];
  }
}

/** The variables that a value may be, or be a part of, or hold. */
export function sources(node: Part): string[] {
  if (!isObject(node)) return [];
  if (node.kind === "variable") return [node.name];
  if (node.kind === "binary" || node.kind === "unary" || node.kind === "template") return [];
  if (node.kind === "member") return sources(node.of);
  if (node.kind === "arrow") return [];
  if (node.kind === "assign") return [...targets(node.target), ...sources(node.value)];
  return partsOf(node).flatMap(sources);
}

export function targets(node: Pattern): string[] {
  if (node.kind === "variable") return [node.name];
  if (node.kind === "member") return [];
  const items = node.kind === "object" ? node.entries : node.items;
  return [
    ...items.flatMap((item) => (item === null ? [] : targets(item.target))),
    ...(node.rest ? targets(node.rest) : []),
  ];
}

export const isObject = (node: Part): node is Exclude<Part, string | number | boolean | null> =>
  typeof node === "object" && node !== null;
