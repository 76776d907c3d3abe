/** Signal: a wait for what somebody outside sends. */
import type { SignalOptions } from "../../model/signal.ts";
import type { Draft, Placed } from "./draft.ts";
import { expressionOf } from "./expression.ts";
import type { JsonSchema, Schema } from "./param.ts";
import type { Given, Ref } from "./reference.ts";

export type SignalWaitOptions<T> = Given<SignalOptions> & {
  /** Of what is sent: a zod schema, which says the type too, or JSON Schema. What does not fit is refused where it is sent. */
  schema?: Schema<T> | JsonSchema;
  /** The wait begins, and its time limit counts, when that is there; default: at once. */
  after?: unknown;
};

export function addSignal<T>(
  draft: Draft,
  { name, signal, options }: { name: string; signal: Given<string>; options: SignalWaitOptions<T> },
  place: Placed,
): Ref<T> {
  const { schema, after, ...how } = options;
  const asked = expressionOf(signal, `the signal of "${name}"`);
  const limits = expressionOf(how, `the options of "${name}"`);
  const before = expressionOf(after, `what "${name}" waits for first`);
  const reads = draft.reads([asked, limits, before]);
  const id = draft.claim(name);
  const variable = draft.variable(name);
  const hasOptions = Object.keys(how).length > 0;
  const node = {
    kind: "signal" as const,
    id,
    name: asked,
    ...(hasOptions && { options: limits }),
    into: variable.name,
    reads,
    writes: [variable.name],
  };
  draft.add(node, place);
  if (schema !== undefined) draft.sent(node, schema);
  return draft.reference(variable, name);
}
