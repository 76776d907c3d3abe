/** Timer: a wait, for a length of time or until a time. It begins when what it is to hold is there, and gives that when it is over. */
import type { Draft, Placed } from "./draft.ts";
import { expressionOf } from "./expression.ts";
import type { Ref, Value } from "./reference.ts";

/** One of `after` and `until` is there. `held`: what it gives. */
export type Wait<V> = { name: string; after?: unknown; until?: unknown; held: V };

export function addTimer<V>(draft: Draft, { name, held, ...how }: Wait<V>, place: Placed): Ref<Value<V>> {
  const isAfter = how.after !== undefined;
  const time = expressionOf(isAfter ? how.after : how.until, `the ${isAfter ? "duration" : "time"} of "${name}"`);
  const value = expressionOf(held, `what "${name}" holds`);
  const reads = draft.reads([time, value]);
  const id = draft.claim(name);
  const variable = draft.variable(name);
  const when = isAfter ? { after: time } : { until: time };
  draft.add({ kind: "timer", id, ...when, value, into: variable.name, reads, writes: [variable.name] }, place);
  return draft.reference(variable, name);
}
