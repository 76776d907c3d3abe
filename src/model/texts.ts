import { nodesOf } from "./nodes-of.ts";
import type { Graph } from "./pipeline.ts";
import { printExpression, type Texts } from "./print-expression.ts";

/** The source texts that a graph's temporaries stand for. */
export function textsOf(graph: Graph): Texts {
  const texts = new Map<string, string>();
  for (const { target, text } of [...nodesOf(graph, "let"), ...nodesOf(graph, "await")])
    if (text !== undefined && target?.kind === "variable") texts.set(target.name, text);
  for (const { fn: callee, args, into } of nodesOf(graph, "call"))
    if (callee !== undefined && into.startsWith("$"))
      texts.set(into, printExpression({ kind: "apply", callee, args }, texts));
  return texts;
}
