import { offerBlueprint } from "../../model/blueprint.ts";
import type { Options } from "../../model/options.ts";
import type { AuthorFunction, Checked } from "../author-function.ts";
import { note } from "../declaration.ts";
import { type Place, placeAbove } from "../place.ts";
import { addBranch, type Ways } from "./branch.ts";
import { Draft } from "./draft.ts";
import { addEach, type EachOptions, type Item } from "./each.ts";
import { addLoop, type LoopBody } from "./loop.ts";
import { addParam, type JsonSchema, type Schema } from "./param.ts";
import type { Given, Ref, Reference, Value } from "./reference.ts";
import { addReturns } from "./returns.ts";
import { addStep, type Input, type Output } from "./step.ts";

/**
 * A pipeline that a program puts together, node by node. What its words give are references; order comes from data alone: each node starts as soon as
 * what it reads is there, and independent ones run at the same time. A failed step fails the pipeline, and what still runs is aborted.
 */
export interface PipelineGraph {
  /**
   * What the pipeline takes when it is started, by name. The schema is a zod schema, which says the type too, or JSON Schema; one with a default may be
   * left out.
   *
   *     const seed = g.param("seed", z.number().int().default(7));
   */
  param<T>(name: string, schema: Schema<T>): Ref<T>;
  param<T = unknown>(name: string, schema?: JsonSchema): Ref<T>;
  /**
   * Adds a step, or a pipeline, under a name of its own. Its input is plain data with references in it.
   *
   *     const model = g.step("fit", fit, { rows: data.train, depth: 3 });
   */
  step<F extends AuthorFunction>(name: string, step: F & Checked<F, "step">, ...input: Input<F>): Ref<Output<F>>;
  /**
   * The same step for every item, all at once or `concurrency` at a time; gives the outputs in the order of the items.
   *
   *     const scores = g.each("scores", models, evaluate, (model) => ({ model, rows: data.test }));
   */
  each<Items extends Reference<readonly unknown[]> | readonly unknown[], F extends AuthorFunction>(
    name: string,
    items: Items,
    step: F & Checked<F, "step">,
    input: (item: Ref<Item<Items>>, index: Ref<number>) => Input<F>[0],
    options?: EachOptions,
  ): Ref<Output<F>[]>;
  /**
   * Nodes that run only if the condition holds, and others if not. Gives what the way that was taken gave.
   *
   *     g.branch("good enough", gte(best.accuracy, 0.9), { then: () => g.step("publish", publish, { model: best.model }) });
   */
  branch<Then, Else = undefined>(
    name: string,
    condition: Given<boolean>,
    ways: Ways<Then, Else>,
  ): Ref<Value<Then> | Value<Else>>;
  /**
   * Nodes that run again and again while the condition holds, at most `max` times. Each turn gets the state that the one before it gave; gives the last.
   *
   *     const last = g.loop("again", {
   *       state: { best },
   *       while: (state) => lt(state.best.accuracy, 0.95),
   *       max: 5,
   *       body: (state) => ({ best: g.step("better", improve, { model: state.best }) }),
   *     });
   */
  loop<S extends object>(name: string, body: LoopBody<S>): Ref<Value<S>>;
  /** The pipeline's result, with references in it. Ends the graph. */
  returns<V>(value: V): Reference<Value<V>>;
}

export function graph(options: Options & { name: string }, place: () => Place | undefined): PipelineGraph {
  const draft = new Draft(options);
  const words = {
    param: (name: string, schema?: unknown) => addParam(draft, name, schema),
    step(name, step, ...given) {
      return addStep(draft, { name, step, given, place: placeAbove(words.step) });
    },
    each(name, items, step, input, each = {}) {
      return addEach(draft, { name, items, step, input, options: each }, placeAbove(words.each));
    },
    branch(name, condition, ways) {
      return addBranch(draft, { name, condition, ways }, placeAbove(words.branch));
    },
    loop(name, body) {
      return addLoop(draft, name, body, placeAbove(words.loop));
    },
    returns: (value: unknown) => addReturns(draft, value),
  } as PipelineGraph;
  const run = async () => {
    throw new TypeError(`the graph "${options.name}" is no function: start it, by reprise run or open().start(…)`);
  };
  note(words, { kind: "pipeline", options, run, place });
  offerBlueprint(words, () => draft.blueprint());
  return words;
}
