/** Branch: one of two regions, by a condition that is decided when the graph runs. */
import type { Node } from "../../model/node.ts";
import type { Draft, Placed } from "./draft.ts";
import { expressionOf } from "./expression.ts";
import type { Ref, Value } from "./reference.ts";

/** Each puts its own nodes together, and gives what the branch is worth where it is taken. With `"skip"`, what reads the branch does not run then. */
export type Ways = { then: () => unknown; else?: (() => unknown) | "skip" };

/** What a way gives that is `else`: nothing is read of one that is skipped. */
export type ElseValue<Else> = Else extends "skip" ? never : Else extends () => infer V ? Value<V> : undefined;

export function addBranch<T>(
  draft: Draft,
  { name, condition, ways }: { name: string; condition: unknown; ways: Ways },
  place: Placed,
): Ref<T> {
  const when = expressionOf(condition, `the condition of "${name}"`);
  const reads = draft.reads([when]);
  const id = draft.claim(name);
  const way = (word: "then" | "else", write: () => unknown): Node[] =>
    draft.region(name, false, write, `what \`${word}\` of "${name}" gives`);
  const nodes = way("then", ways.then);
  const skips = ways.else === "skip";
  const otherwise = typeof ways.else === "function" && { nodes: way("else", ways.else) };
  const variable = draft.variable(name);
  draft.add(
    {
      kind: "branch",
      id,
      cases: [{ when, nodes }],
      ...(otherwise && { otherwise }),
      into: variable.name,
      ...(skips && { skips }),
      reads,
      writes: [variable.name],
    },
    place,
  );
  return draft.reference(variable, name);
}
