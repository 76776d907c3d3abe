/** A step of a graph: a call, which starts as soon as what it reads is there. */
import type { Variable } from "../../model/expression.ts";
import type { CallNode } from "../../model/node.ts";
import type { AuthorFunction } from "../author-function.ts";
import type { Draft, Placed } from "./draft.ts";
import { expressionOf } from "./expression.ts";
import type { Given, Ref } from "./reference.ts";

/** One that takes no input is given none. */
export type Input<F extends AuthorFunction> =
  Parameters<F> extends [] ? [] : Parameters<F> extends [infer In] ? [input: Given<In>] : [input?: GivenOptional<F>];

type GivenOptional<F extends AuthorFunction> = Given<NonNullable<Parameters<F>[0]>>;

export type Output<F extends AuthorFunction> = Awaited<ReturnType<F>>;

/** `given`: the input, where there is one. */
export type Call = { name: string; step: unknown; given: unknown[]; place: Placed };

export function addStep<F extends AuthorFunction>(draft: Draft, call: Call): Ref<Output<F>> {
  return draft.reference(addCall(draft, call), call.name);
}

/** Gives the variable that gets the output; or the handle, or nothing, as `as` says. */
export function addCall(draft: Draft, { name, step, given, place }: Call, as?: CallNode["as"]): Variable {
  const template = draft.callee(step, name);
  const args = given.slice(0, 1).map((input) => expressionOf(input, `the input of "${name}"`));
  const reads = draft.reads(args);
  const id = draft.claim(name);
  const variable = draft.variable(name);
  const node: CallNode = { kind: "call", id, template, args, into: variable.name, reads, writes: [variable.name] };
  draft.add(as === undefined ? node : { ...node, as }, place);
  return variable;
}
