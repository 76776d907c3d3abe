/** Try: nodes that may fail, and what comes instead. */
import type { Node, TryNode } from "../../model/node.ts";
import type { Draft, Placed } from "./draft.ts";
import type { Ref, Reference, Value } from "./reference.ts";

/** What a step failed with. Its name says how: `TimeLimitError`, `AbortedError`, `LostError`, `SkippedError` where it did not run, or the error's own. */
export type Caught = Reference<Error> & { readonly name: Ref<string>; readonly message: Ref<string> };

/** What comes where the body fails: what the function gives; or nothing, and what reads it does not run. */
export type Otherwise<Else> = "skip" | ((error: Caught) => Else);

export function addTry<Body, Else>(
  draft: Draft,
  { name, body, otherwise }: { name: string; body: () => Body; otherwise: Otherwise<Else> },
  place: Placed,
): Ref<Value<Body> | Value<Else>> {
  const id = draft.claim(name);
  const region = (what: string, write: () => unknown): Node[] =>
    draft.region(name, false, write, `what ${what} of "${name}" gives`);
  const nodes = region("the body", body);
  const handler = otherwise === "skip" ? undefined : handlerOf(draft, (write) => region("the catch", write), otherwise);
  const variable = draft.variable(name);
  draft.add(
    {
      kind: "try",
      id,
      nodes,
      ...(handler && { catch: handler }),
      into: variable.name,
      reads: [],
      writes: [variable.name],
    },
    place,
  );
  return draft.reference(variable, name);
}

function handlerOf(
  draft: Draft,
  region: (write: () => unknown) => Node[],
  otherwise: (error: Caught) => unknown,
): NonNullable<TryNode["catch"]> {
  let target: NonNullable<TryNode["catch"]>["target"];
  const nodes = region(() => {
    const error = draft.variable("error");
    target = error;
    return otherwise(draft.reference<Error>(error) as Caught);
  });
  return { target: target!, nodes };
}
