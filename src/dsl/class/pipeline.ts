import type { Options } from "../../model/options.ts";
import type { AuthorFunction, Checked } from "../author-function.ts";
import { type Declared, note } from "../declaration.ts";
import { declare } from "../declare.ts";
import type { Place } from "../place.ts";

/** `@pipeline("nightly")`, on a class. */
export type PipelineDecorator = <C>(target: C & CheckedClass<C>, context: ClassDecoratorContext) => void;

/** A class whose instances are pipelines: its method `run` is the body. */
export type PipelineClass<Run extends AuthorFunction = AuthorFunction> = new () => { run: Run };

/** `unknown` where `C` is such a class; else a text that the type error shows in place of a type. */
export type CheckedClass<C> = C extends AnyClass
  ? C extends new () => infer Instance
    ? Instance extends { run: infer Run }
      ? Checked<Run, "pipeline">
      : "the class of a pipeline has a method run, the body: async run({ a }: { a: A }) { … }"
    : "the class of a pipeline is made without arguments: pass them to run as params"
  : IsOptions<C> extends true
    ? unknown // No class at all: what comes second has the error.
    : "these are neither name nor options of a pipeline";

type AnyClass = abstract new (...args: never) => unknown;

type IsOptions<C> = C extends string
  ? true
  : [keyof C] extends [keyof Options]
    ? C extends Options
      ? true
      : false
    : false;

/** What a decorator gets second; of a call whose first argument is no class, the body. */
export type CheckedContext<C, Second> = C extends AnyClass ? ClassDecoratorContext : Checked<Second, "pipeline">;

/** Bodies by what stands for them, so that a class may inherit one. */
const bodies = new WeakMap<object, AuthorFunction>();

/** The class as a pipeline: `new RerunUntilGood().run({ … })` is a plain call of it, on that instance. */
export function pipelineClass(
  target: unknown,
  { kind, name }: DecoratorContext,
  options: Options,
  place: () => Place | undefined,
): void {
  const { prototype } = target as { prototype?: { run?: AuthorFunction } };
  if (kind !== "class" || typeof prototype?.run !== "function")
    throw new TypeError(
      `@pipeline stands on the ${kind} "${String(name)}": put it on a class that has a method run, the body`,
    );
  const body = bodies.get(prototype.run) ?? prototype.run;
  // A class without a name is the default export.
  const named = { ...options, name: options.name ?? (String(name ?? "") || "default") };
  const on = (instance: unknown): Declared => ({ kind: "pipeline", options: named, run: body.bind(instance), place });
  const run = {
    run(this: unknown, params?: unknown) {
      return declare(on(this))(params);
    },
  }.run;
  bodies.set(run, body);
  note(run, on(undefined));
  note(target as object, on(undefined));
  Object.defineProperty(prototype, "run", { value: run, writable: true, configurable: true });
}
