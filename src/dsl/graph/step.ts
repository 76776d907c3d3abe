/** A step of a graph: a call, which starts as soon as what it reads is there. */
import type { AuthorFunction } from "../author-function.ts";
import type { Draft, Placed } from "./draft.ts";
import { expressionOf } from "./expression.ts";
import type { Given, Ref } from "./reference.ts";

/** One that takes no input is given none. */
export type Input<F extends AuthorFunction> =
  Parameters<F> extends [] ? [] : Parameters<F> extends [infer In] ? [input: Given<In>] : [input?: GivenOptional<F>];

type GivenOptional<F extends AuthorFunction> = Given<NonNullable<Parameters<F>[0]>>;

export type Output<F extends AuthorFunction> = Awaited<ReturnType<F>>;

export function addStep<F extends AuthorFunction>(
  draft: Draft,
  { name, step, given, place }: { name: string; step: F; given: unknown[]; place: Placed },
): Ref<Output<F>> {
  const template = draft.callee(step, name);
  const args = given.slice(0, 1).map((input) => expressionOf(input, `the input of "${name}"`));
  const reads = draft.reads(args);
  const id = draft.claim(name);
  const variable = draft.variable(name);
  draft.add({ kind: "call", id, template, args, into: variable.name, reads, writes: [variable.name] }, place);
  return draft.reference(variable, name);
}
