import type { Options } from "../model/options.ts";
import type { AuthorFunction, Checked } from "./author-function.ts";
import { type CheckedClass, type CheckedContext, type PipelineDecorator, pipelineClass } from "./class/pipeline.ts";
import { decorator, isDecoration } from "./class/step.ts";
import { declare } from "./declare.ts";
import { graph, type PipelineGraph } from "./graph/graph.ts";
import { chain, type OptionMethods } from "./options.ts";
import type { Place } from "./place.ts";

/**
 * `pipeline`, and each chain of options that begins with it. The last is what a decorator is: TypeScript shows its error, also for a call with two
 * arguments, which it therefore reads as one.
 */
export interface PipelineChain extends OptionMethods<PipelineChain> {
  <F>(nameOrOptions: string | Options, body: F & Checked<F, "pipeline">): F;
  (nameOrOptions: string | Options): PipelineDecorator;
  <F>(body: F & Checked<F, "pipeline">): F;
  <C, Second>(target: C & CheckedClass<C>, context: Second & CheckedContext<C, Second>): void;
  /**
   * A pipeline that a program puts together, node by node.
   *
   * @example
   * const g = pipeline.graph("digits");
   * const best = g.step("best", fit, { rows, depth: 3 });
   * g.returns({ accuracy: best.accuracy });
   * export default g;
   */
  graph<Params extends object = Record<string, unknown>, Result = unknown>(
    nameOrOptions: string | (Options & { name: string }),
  ): PipelineGraph<Params, Result>;
}

/**
 * Declares a pipeline. `body`, an async function of one object (the params) or of nothing, calls steps as its own logic
 * asks for; it is compiled to a graph, never replayed. What comes back has the same type; called outside a run, it
 * simply runs.
 *
 * The first argument is the name, or options. Options can be chained: `pipeline.timeLimit("1h")("nightly", async …)`.
 * On a class it is a decorator: the class's method `run` is the body, and its steps are methods under `@step`.
 *
 * @example
 * export default pipeline("rerun until good", async ({ target = 0.95 }: { target?: number }) => {
 *   let best = await fit({ rows, depth: 1 });
 *   while (best.accuracy < target) best = await fit({ rows, depth: best.depth + 1 });
 *   return best;
 * });
 */
export const pipeline: PipelineChain = chain<PipelineChain>(pipelineOf, {}, { graph: graphOf });

function pipelineOf(options: Options, args: unknown[], place: () => Place | undefined): unknown {
  if (isDecoration(args)) return pipelineClass(...args, options, place);
  const [given, body] = args.length === 1 ? [{}, args[0]] : args;
  if (args.length === 1 && (typeof body === "string" || (typeof body === "object" && body !== null)))
    return decorator((...on) => pipelineClass(...on, place), { ...options, ...ownOptions(body) });
  if (typeof body !== "function")
    throw new TypeError(
      'pipeline(…) takes a name or options, then an async function: pipeline("nightly", async () => …)',
    );
  return declare({
    kind: "pipeline",
    options: { ...options, ...ownOptions(given) },
    run: body as AuthorFunction,
    place,
  });
}

function graphOf(options: Options, [given]: unknown[], place: () => Place | undefined): PipelineGraph {
  const { name, ...own } = { ...options, ...ownOptions(given) };
  if (typeof name !== "string" || name === "")
    throw new TypeError('pipeline.graph(…) takes a name, or options with one: pipeline.graph("digits")');
  return graph({ name, ...own }, place);
}

const ownOptions = (given: unknown): Options => (typeof given === "string" ? { name: given } : (given as Options));
