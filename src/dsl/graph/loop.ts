/** Loop: a region again and again, as long as a condition holds, each turn with what the one before it gave. */
import type { Expression, Pattern } from "../../model/expression.ts";
import type { Draft, Placed } from "./draft.ts";
import { expressionOf } from "./expression.ts";
import type { Given, Ref, Value } from "./reference.ts";

/** What the loop's condition and body see of the state: a reference for each of its fields. */
export type State<S> = { readonly [K in keyof S]: Ref<Value<S[K]>> };

export type LoopBody<S> = {
  /** What the first turn gets. */
  state: S;
  while: (state: State<S>, turns: Ref<number>) => Given<boolean>;
  /** No more turns than that. */
  max?: Given<number>;
  /** Called once, to put the nodes of a turn together. Gives the state of the next turn; a field that it leaves out stays. */
  body: (state: State<S>, turns: Ref<number>) => { readonly [K in keyof S]?: Given<Value<S[K]>> };
};

export function addLoop<S extends object>(
  draft: Draft,
  name: string,
  { state, while: goesOn, max, body }: LoopBody<S>,
  place: Placed,
): Ref<Value<S>> {
  const value = expressionOf(state, `the state of "${name}"`);
  const limit = max === undefined ? undefined : expressionOf(max, `the limit of "${name}"`);
  const outside = [value, ...(limit === undefined ? [] : [limit])];
  const before = draft.reads(outside);
  const id = draft.claim(name);
  let head: { target: Pattern; count: string; test: Expression; reads: string[] } | undefined;
  const nodes = draft.region(
    name,
    true,
    () => {
      const fields = Object.keys(state).map((key) => ({ key, target: draft.variable(key) }));
      const count = draft.variable("turns");
      const seen = Object.fromEntries(
        fields.map(({ key, target }) => [key, draft.reference(target, key)]),
      ) as unknown as State<S>;
      const turns = draft.reference<number>(count);
      const condition = expressionOf(goesOn(seen, turns), `the condition of "${name}"`);
      const test = limit === undefined ? condition : bounded(condition, count, limit);
      const own = new Set([count.name, ...fields.map(({ target }) => target.name)]);
      const reads = draft.reads([test]).filter((read) => !own.has(read));
      head = { target: { kind: "object", entries: fields }, count: count.name, test, reads };
      const next = body(seen, turns);
      if (next instanceof Promise) return next;
      return { ...seen, ...next };
    },
    `what a turn of "${name}" gives`,
  );
  const { target, count, test, reads } = head!;
  const variable = draft.variable(name);
  draft.add(
    {
      kind: "loop",
      id,
      form: "while",
      test: { nodes: [], value: test },
      nodes,
      state: { target, value, count },
      into: variable.name,
      reads: [...new Set([...before, ...reads])].sort(),
      writes: [variable.name],
    },
    place,
  );
  return draft.reference(variable, name);
}

const bounded = (condition: Expression, count: Expression, limit: Expression): Expression => ({
  kind: "logical",
  op: "&&",
  left: condition,
  right: { kind: "binary", op: "<", left: count, right: limit },
});
