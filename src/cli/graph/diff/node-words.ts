/** A node in words: what tells it from its neighbours, what it is called in a sentence, and the regions that it holds. */
import type { Expression } from "../../../model/expression.ts";
import type { CallNode, Node } from "../../../model/node.ts";
import { printExpression, printPattern, type Texts } from "../../../model/print-expression.ts";
import { sourceLine } from "../svg/words.ts";

/** Where a node's text is the source's own, that is taken: it reads as the author wrote it. */
export function headOf(node: Node, texts: Texts): string {
  const print = (expression: Expression | undefined) =>
    expression === undefined ? "" : printExpression(expression, texts);
  switch (node.kind) {
    case "call":
      return `${node.template ?? print(node.fn)}(${node.args.map(print).join(", ")})`;
    case "timer":
      return node.after === undefined ? `sleepUntil(${print(node.until)})` : `sleep(${print(node.after)})`;
    case "signal":
      return `signal(${[node.name, node.options]
        .filter((part) => part !== undefined)
        .map(print)
        .join(", ")})`;
    case "await":
      return `await ${print(node.value)}`;
    case "let": {
      const target = node.target && printPattern(node.target, texts);
      if (target === undefined) return print(node.value);
      const declared = node.declare ? `${node.declare} ${target}` : target;
      return node.value === undefined ? declared : `${declared} = ${print(node.value)}`;
    }
    case "branch":
      return node.on === undefined
        ? `if ${node.text ?? print(node.cases[0]?.when)}`
        : `switch ${node.text ?? print(node.on)}`;
    case "loop":
      if (node.over) {
        const word = node.form === "in" ? "in" : "of";
        return `for ${printPattern(node.over.target, texts)} ${word} ${print(node.over.value)}`;
      }
      return `${node.form} ${node.test ? (node.test.text ?? print(node.test.value)) : "true"}`;
    case "each":
      return `${print(node.of)}.${node.method}`;
    case "try":
      return `try${node.catch ? " … catch" : ""}${node.finally ? " … finally" : ""}`;
    case "block":
      return `${node.label}:`;
    case "function":
      return `function ${node.function.name || node.function.id}`;
    case "return":
    case "throw":
      return `${node.kind} ${print(node.value)}`.trim();
    case "break":
    case "continue":
      return `${node.kind} ${node.label ?? ""}`.trim();
  }
}

/** `the call best = fit`, `the loop loop1`. */
export function nameOf(node: Node): string {
  if (node.kind === "call") return `the call ${callName(node)}`;
  if (node.kind === "let" || node.kind === "await") return "the line";
  return `the ${node.kind === "each" ? "fan-out" : node.kind} ${node.id}`;
}

const callName = ({ id, template }: CallNode): string =>
  template === undefined || template === id ? id : `${id} = ${template}`;

/** ` (pipeline.ts:14)`, or nothing. */
export const placeOf = (node: Node): string => (node.at ? ` (${sourceLine(node.at)})` : "");

/** An awaited call is one thing to its author, and a temporary none at all. */
export const isWorthWords = (node: Node): boolean =>
  node.kind === "await"
    ? !(typeof node.value === "object" && node.value?.kind === "variable")
    : node.kind !== "let" || node.text === undefined;

export type Region = { name: string; nodes: Node[] };

/** Of equal nodes in the same order, with the same names. */
export function regionsOf(node: Node): Region[] {
  const region = (name: string, nodes: Node[] | undefined): Region[] => (nodes ? [{ name, nodes }] : []);
  switch (node.kind) {
    case "branch":
      return [
        ...node.cases.map(({ nodes }, i) => ({ name: node.on === undefined ? "then" : `case ${i + 1}`, nodes })),
        { name: node.on === undefined ? "else" : "default", nodes: node.otherwise?.nodes ?? [] },
      ];
    case "loop":
      return [
        ...region("init", node.init),
        ...region("test", node.test?.nodes),
        ...region("", node.nodes),
        ...region("update", node.update),
      ];
    case "each":
    case "function":
      return [{ name: "", nodes: node.function.nodes }];
    case "try":
      return [
        { name: "", nodes: node.nodes },
        ...region("catch", node.catch?.nodes),
        ...region("finally", node.finally),
      ];
    case "block":
      return [{ name: "", nodes: node.nodes }];
    default:
      return [];
  }
}
