/** The result of a graph. */
import type { Draft } from "./draft.ts";
import { expressionOf } from "./expression.ts";
import { type Reference, refer, type Value } from "./reference.ts";

export function addReturns<V>(draft: Draft, value: V): Reference<Value<V>> {
  const result = expressionOf(value, `the result of "${draft.name}"`);
  draft.complete(result);
  return refer<Value<V>>(result, "the result");
}
