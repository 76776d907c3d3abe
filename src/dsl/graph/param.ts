/** Params: what the graph takes when it is started. */
import type { Draft } from "./draft.ts";
import type { Ref } from "./reference.ts";

/** A zod schema, or any other that follows the Standard Schema. */
export interface Schema<T> {
  readonly "~standard": { readonly types?: { readonly output: T } | undefined };
}

export type JsonSchema = { readonly [key: string]: unknown };

export function addParam<T>(draft: Draft, name: string, schema: unknown): Ref<T> {
  if (draft.isInside) throw new TypeError(`the param "${name}" stands inside a branch or a loop: ask for params first`);
  return draft.reference(draft.param(name, schema), name);
}
