/** A decision in values: what it weighed, by the author's own words for it. */
import { printExpression, type Texts } from "../../../model/print-expression.ts";
import type { Decision } from "./decision.ts";
import { named } from "./explain.ts";
import { Made, type Weighed } from "./trace.ts";

/**
 * `{ "score.accuracy": 0.737864, target: 0.95 }`. Only what was evaluated is there; what was evaluated twice is as it was last. The values are the
 * body's own: it may change them later. `texts`: of the graph's temporaries.
 */
export function valuesOf({ weighed }: Decision, texts: Texts): Record<string, unknown> {
  const values = new Map<string, unknown>();
  for (const test of weighed) note(test, texts, values);
  return Object.fromEntries(values);
}

function note({ before, seen }: Weighed, texts: Texts, values: Map<string, unknown>): void {
  if (before) note(before, texts, values);
  for (const [part, value] of seen())
    if (value instanceof Made) note(value.of, texts, values);
    else if (part !== null && typeof part === "object" && named.has(part.kind))
      values.set(printExpression(part, texts), value);
}
