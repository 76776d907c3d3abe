/** Each: the same step for every item of an array that is there only when the graph runs. */
import type { PatternItem } from "../../model/expression.ts";
import type { AuthorFunction } from "../author-function.ts";
import { declarationOf } from "../declaration.ts";
import type { Draft, Placed } from "./draft.ts";
import { expressionOf } from "./expression.ts";
import type { Given, Ref, Value } from "./reference.ts";
import { addStep, type Output } from "./step.ts";

/** `concurrency`: at most so many at once; default: all. */
export type EachOptions = { concurrency?: Given<number> };

/** The type of an item of what is given: of an array with references in it, or of a reference to an array. */
export type Item<Items> = Value<Items> extends readonly (infer Item)[] ? Item : never;

export type Each<Items, F extends AuthorFunction> = {
  name: string;
  items: Items;
  step: F;
  input: (item: Ref<Item<Items>>, index: Ref<number>) => unknown;
  options: EachOptions;
};

export function addEach<Items, F extends AuthorFunction>(
  draft: Draft,
  { name, items, step, input, options }: Each<Items, F>,
  place: Placed,
): Ref<Output<F>[]> {
  const of = expressionOf(items, `the items of "${name}"`);
  const { concurrency: limit } = options;
  const concurrency = limit === undefined ? undefined : expressionOf(limit, `the concurrency of "${name}"`);
  const reads = draft.reads(concurrency === undefined ? [of] : [of, concurrency]);
  const id = draft.claim(name);
  const params: PatternItem[] = [];
  const nodes = draft.region(
    name,
    true,
    () => {
      const [item, index] = [draft.variable("item"), draft.variable("index")];
      params.push({ target: item }, { target: index });
      const given = [input(draft.reference(item), draft.reference(index))];
      return addStep(draft, { name: calledName(step) ?? name, step, given, place });
    },
    `what "${name}" gives`,
  );
  const variable = draft.variable(name);
  draft.add(
    {
      kind: "each",
      id,
      of,
      method: "map",
      function: { id, name: "", async: true, params, nodes },
      args: [],
      into: variable.name,
      ...(concurrency !== undefined && { concurrency }),
      reads,
      writes: [variable.name],
    },
    place,
  );
  return draft.reference(variable, name);
}

/** The step's own, as in `fits[3]/fit`. */
const calledName = (step: unknown): string | undefined => declarationOf(step)?.name?.replace(/[/[\]#]/g, "-");
