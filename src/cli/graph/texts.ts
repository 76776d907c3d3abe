import type { Graph } from "../../model/pipeline.ts";
import type { Texts } from "../../model/print-expression.ts";
import { isVariable } from "./sources.ts";

/** The source texts that a graph's temporaries stand for. */
export function textsOf(graph: Graph): Texts {
  const texts = new Map<string, string>();
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    const { kind, text, target } = value as Record<string, unknown>;
    if ((kind === "let" || kind === "await") && typeof text === "string" && isVariable(target))
      texts.set(target.name, text);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(graph);
  return texts;
}
