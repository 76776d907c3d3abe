import type { Options } from "../model/options.ts";
import type { AuthorFunction, Checked } from "./author-function.ts";
import { decorator, isDecoration, type StepDecorator, type StepMethod, stepMethod } from "./class/step.ts";
import { declare } from "./declare.ts";
import { chain, type OptionMethods } from "./options.ts";

/**
 * `step`, and each chain of options that begins with it. In this order, since TypeScript shows the error of the last that takes so many arguments; a
 * decorator may be any of them.
 */
export interface StepChain extends OptionMethods<StepChain> {
  (options: Options): StepDecorator;
  (method: StepMethod, context: ClassMethodDecoratorContext): void;
  <F>(options: Options, fn: F & Checked<F, "step">): F;
  <F>(fn: F & Checked<F, "step">): F;
}

/**
 * Declares a step: a unit of work that a run clones, queues, retries and keeps. `fn` is an async function of one
 * object, or of nothing; what comes back has the same type. Input and output are plain data, copied on the way.
 *
 * Called outside a run, or by another step, it simply runs, once: `retry` and `timeLimit` are not applied then.
 *
 * `step(fn)`, `step(options, fn)` and the chain are the same. The step's name is that of the variable which holds it,
 * unless the option `name` says otherwise.
 *
 * In a class it is a decorator: `@step`, `@step({ retry: 2 })`, and of a chain, in parentheses, `@(step.queue("gpu").retry(2))`.
 *
 * @example
 * export const count = step.queue("cpu").retry(2)(async ({ rows, depth }: { rows: Row[]; depth: number }) => {
 *   return rows.filter((row) => row.depth === depth).length;
 * });
 *
 * @example
 * export const load = step({ timeLimit: "5m" }, async () => [3, 1, 2]);
 */
export const step: StepChain = chain<StepChain>((options, args, place) => {
  if (isDecoration(args)) return stepMethod(...args, options);
  const [given, fn] = args.length === 1 ? [{}, args[0]] : args;
  if (args.length === 1 && typeof fn === "object" && fn !== null) return decorator(stepMethod, { ...options, ...fn });
  if (typeof fn !== "function")
    throw new TypeError(
      "step(…) takes an async function, after its options where it has any: step({ retry: 2 }, async () => …)",
    );
  return declare({ kind: "step", options: { ...options, ...(given as Options) }, run: fn as AuthorFunction, place });
});
