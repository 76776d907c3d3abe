import { offerBlueprint } from "../../model/blueprint.ts";
import type { Duration } from "../../model/duration.ts";
import type { Options } from "../../model/options.ts";
import type { AuthorFunction, Checked } from "../author-function.ts";
import { note } from "../declaration.ts";
import { type Place, placeAbove } from "../place.ts";
import { addBranch, type ElseValue, type Ways } from "./branch.ts";
import { Draft } from "./draft.ts";
import { addEach, type EachOptions, type Item } from "./each.ts";
import { addLoop, type LoopBody } from "./loop.ts";
import { addParam, type JsonSchema, type Schema } from "./param.ts";
import type { Given, Ref, Reference, Value } from "./reference.ts";
import { addReturns } from "./returns.ts";
import { addSignal, type SignalWaitOptions } from "./signal.ts";
import { addStart, type StartedStep } from "./start.ts";
import { addCall, addStep, type Input, type Output } from "./step.ts";
import { addTimer } from "./timer.ts";
import { addTry, type Caught, type Otherwise } from "./try.ts";

/**
 * A pipeline that a program puts together, node by node. What its words give are references; order comes from data alone: each node starts as soon as
 * what it reads is there, and independent ones run at the same time. A failed step fails the pipeline, and what still runs is aborted, unless the option
 * `onFailure` says otherwise.
 *
 * `Params` and `Result` are what a program that starts it gives and gets, where they are said: `pipeline.graph<{ seed?: number }>("digits")` has its
 * params checked against that type, and what `g.returns(…)` gives knows the result.
 */
export interface PipelineGraph<Params extends object = Record<string, unknown>, Result = unknown> {
  /**
   * What the pipeline takes when it is started, by name. The schema is a zod schema, which says the type too, or JSON Schema; one with a default may be
   * left out.
   *
   * @example
   * const seed = g.param("seed", z.number().int().default(7));
   */
  param<Name extends string & keyof Params, T extends Params[Name]>(name: Name, schema: Schema<T>): Ref<T>;
  /**
   * What the pipeline takes when it is started, by name, with JSON Schema or none; the type is that of the graph's params.
   *
   * @example
   * const typed = pipeline.graph<{ tags: string[] }>("tagged");
   * const tags = typed.param("tags");
   */
  param<Name extends string & keyof Params>(name: Name, schema?: JsonSchema): Ref<Params[Name]>;
  /**
   * What the pipeline takes when it is started, by name, with JSON Schema or none; the type is the one that is said.
   *
   * @example
   * const tags = g.param<string[]>("tags", { type: "array", items: { type: "string" } });
   */
  param<T extends Params[string & keyof Params]>(name: string & keyof Params, schema?: JsonSchema): Ref<T>;
  /**
   * Adds a step, or a pipeline, under a name of its own. Its input is plain data with references in it.
   *
   * @example
   * const data = g.step("data", load, { seed: 7 });
   * const model = g.step("fit", fit, { rows: data.train, depth: 3 });
   */
  step<F extends AuthorFunction>(name: string, step: F & Checked<F, "step">, ...input: Input<F>): Ref<Output<F>>;
  /**
   * The same step for every item, all at once or `concurrency` at a time; gives the outputs in the order of the items.
   *
   * @example
   * const fits = g.each("fits", [1, 2, 3], fit, (depth) => ({ rows, depth }), { concurrency: 2 });
   */
  each<Items extends Reference<readonly unknown[]> | readonly unknown[], F extends AuthorFunction>(
    name: string,
    items: Items,
    step: F & Checked<F, "step">,
    input: (item: Ref<Item<Items>>, index: Ref<number>) => Input<F>[0],
    options?: EachOptions,
  ): Ref<Output<F>[]>;
  /**
   * Nodes that run only if the condition holds, and others if not. Gives what the way that was taken gave. With `else: "skip"`, what reads the branch does
   * not run where the condition does not hold, and so on to what depends on that; the pipeline does not fail.
   *
   * @example
   * const text = "it is good";
   * g.branch("good enough", gte(best.accuracy, 0.9), { then: () => g.step("tell", notify, { text }) });
   *
   * @example
   * const good = g.branch("is good", gte(best.accuracy, 0.5), { then: () => best, else: "skip" });
   * const deeper = g.step("deeper", fit, { rows, depth: add(good.depth, 1) });
   */
  branch<Then, Else extends Ways["else"] = undefined>(
    name: string,
    condition: Given<boolean>,
    ways: { then: () => Then; else?: Else },
  ): Ref<Value<Then> | ElseValue<Else>>;
  /**
   * Nodes that may fail. Gives what they give; where one of them fails, is aborted, runs past its time limit or is skipped, what the function gives, which
   * gets the error; or, with `"skip"`, what reads it does not run. The pipeline does not fail.
   *
   * @example
   * const tried = g.try("tried", () => g.step("deep", fit, { rows, depth: 9 }), () => g.step("shallow", fit, { rows, depth: 2 }));
   * g.try("perhaps", () => g.step("aside", notify, { text: "a try" }), "skip");
   */
  try<Body, Else>(name: string, body: () => Body, otherwise: (error: Caught) => Else): Ref<Value<Body> | Value<Else>>;
  try<Body>(name: string, body: () => Body, otherwise: "skip"): Ref<Value<Body>>;
  /**
   * Nodes that run again and again while the condition holds, at most `max` times. Each turn gets the state that the one before it gave; gives the last.
   *
   * @example
   * const last = g.loop("again", {
   *   state: { best },
   *   while: (state) => lt(state.best.accuracy, 0.95),
   *   max: 5,
   *   body: (state) => ({ best: g.step("better", fit, { rows, depth: add(state.best.depth, 1) }) }),
   * });
   */
  loop<S extends object>(name: string, body: LoopBody<S>): Ref<Value<S>>;
  /**
   * A durable wait for a length of time. It begins when `value` is there, and gives it when the time is over: what reads it waits that long.
   *
   * @example
   * const cooled = g.sleep("cool down", "10m", best);
   */
  sleep<V = undefined>(name: string, duration: Given<Duration>, value?: V): Ref<Value<V>>;
  /**
   * As `sleep`, until a time: a Date, or milliseconds since 1970. One that has passed is over at once.
   *
   * @example
   * const later = g.sleepUntil("next year", new Date("2027-01-01"), best);
   */
  sleepUntil<V = undefined>(name: string, time: Given<Date | number>, value?: V): Ref<Value<V>>;
  /**
   * Waits for somebody outside to send a signal of that name to the run, and gives the value that was sent. See `signal`.
   *
   * @example
   * const { by } = g.signal<{ by: string }>("approval", "approved", { timeLimit: "2d", after: best });
   */
  signal<T = unknown>(name: string, signal: Given<string>, options?: SignalWaitOptions<T>): Ref<T>;
  /**
   * Starts a step and gives a handle to it: `result(…)`, `abort(…)`, and `metric(…)`, which reacts to what the step reports while it runs.
   *
   * @example
   * const training = g.start("training", fit, { rows, depth: 3 });
   * const bad = training.metric("bad", "loss", "validation", (point) => gt(point.value, 5));
   * g.branch("diverges", ne(bad, undefined), { then: () => training.abort("give up", "it diverges") });
   */
  start<F extends AuthorFunction>(
    name: string,
    step: F & Checked<F, "step">,
    ...input: Input<F>
  ): StartedStep<Output<F>>;
  /**
   * A step that goes its own way: nothing waits for it, it may outlive the pipeline, and its failure does not fail it.
   *
   * @example
   * g.detach("tell", notify, { text: "it has begun" });
   */
  detach<F extends AuthorFunction>(name: string, step: F & Checked<F, "step">, ...input: Input<F>): void;
  /**
   * The pipeline's result, with references in it. Ends the graph, and gives it, now with the type of its result: `export default g.returns(…)`.
   *
   * @example
   * g.returns({ accuracy: best.accuracy });
   */
  returns<V extends Given<Result>>(value: V): PipelineGraph<Params, Value<V>>;
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
    branch(name: string, condition: unknown, ways: Ways) {
      return addBranch(draft, { name, condition, ways }, placeAbove(words.branch));
    },
    try(name: string, body: () => unknown, otherwise: Otherwise<unknown>) {
      return addTry(draft, { name, body, otherwise }, placeAbove(words.try));
    },
    loop(name, body) {
      return addLoop(draft, name, body, placeAbove(words.loop));
    },
    sleep(name, after, held) {
      return addTimer(draft, { name, after, held }, placeAbove(words.sleep));
    },
    sleepUntil(name, until, held) {
      return addTimer(draft, { name, until, held }, placeAbove(words.sleepUntil));
    },
    signal(name, signal, options = {}) {
      return addSignal(draft, { name, signal, options }, placeAbove(words.signal));
    },
    start(name, step, ...given) {
      return addStart(draft, { name, step, given, place: placeAbove(words.start) }, placeAbove);
    },
    detach(name, step, ...given) {
      addCall(draft, { name, step, given, place: placeAbove(words.detach) }, "detached");
    },
    returns(value: unknown) {
      addReturns(draft, value);
      return words;
    },
  } as PipelineGraph;
  const run = async () => {
    throw new TypeError(`the graph "${options.name}" is no function: start it, by reprise run or open().start(…)`);
  };
  note(words, { kind: "pipeline", options, run, place });
  offerBlueprint(words, () => draft.blueprint());
  return words;
}
