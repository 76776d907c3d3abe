/** The result of a graph. */
import type { Draft } from "./draft.ts";
import { expressionOf } from "./expression.ts";

export function addReturns(draft: Draft, value: unknown): void {
  draft.complete(expressionOf(value, `the result of "${draft.name}"`));
}
