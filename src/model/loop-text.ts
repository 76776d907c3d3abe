import type { LoopNode } from "./node.ts";
import { printExpression, printPattern, type Texts } from "./print-expression.ts";

/** A loop as people know it, by what it asks before each turn: `while accuracy < target`, `for each row of rows`. `texts`: of the graph's temporaries. */
export function loopText({ form, test, over }: Pick<LoopNode, "form" | "test" | "over">, texts: Texts): string {
  if (over) {
    const word = form === "await" ? "for await each" : "for each";
    return `${word} ${printPattern(over.target, texts)} ${form === "in" ? "in" : "of"} ${printExpression(over.value, texts)}`;
  }
  const words = test ? (test.text ?? printExpression(test.value, texts)) : "true";
  return form === "do" ? `do … while ${words}` : `while ${words}`;
}
