import type { Options } from "../../model/options.ts";
import type { AuthorFunction, Checked } from "../author-function.ts";
import { declare } from "../declare.ts";

/** `@step({ queue: "gpu" })`, on a method. The first one is for types that the class leaves open, which cannot be looked into. */
export type StepDecorator = {
  (method: StepMethod, context: ClassMethodDecoratorContext): void;
  <F>(method: F & Checked<F, "step">, context: ClassMethodDecoratorContext): void;
};

/** Written as a method, since those may take less than all objects. */
export type StepMethod = { step(input?: object): Promise<unknown> }["step"];

type Method = (this: object, input: unknown) => Promise<unknown>;

/** True for what the language calls a decorator with: the thing itself, and what it says of it. */
export function isDecoration(args: unknown[]): args is [unknown, DecoratorContext] {
  const context = args[1];
  return args.length === 2 && typeof context === "object" && context !== null && "addInitializer" in context;
}

/** What `@step({ retry: 2 })` and `@pipeline("nightly")` give: a decorator, and nothing else. */
export function decorator(
  decorate: (on: unknown, context: DecoratorContext, options: Options) => unknown,
  options: Options,
): (...args: unknown[]) => unknown {
  return (...args) => {
    if (isDecoration(args)) return decorate(...args, options);
    throw new TypeError(
      "step(…) and pipeline(…) with options alone are decorators, for a class: give them the async function too, step({ retry: 2 }, async () => …)",
    );
  };
}

/**
 * The method as a step. Wherever it runs it gets an instance of its own, with the initial values of its fields, as in a run: there it runs in
 * another process. On an instance it is bound, so that it can be passed on: `withOptions(this.fit, { queue: "gpu" })`.
 */
export function stepMethod(method: unknown, context: DecoratorContext, options: Options): unknown {
  const { name } = context;
  if (context.kind !== "method" || context.static || context.private || typeof name !== "string")
    throw new TypeError(
      `@step stands on the ${context.kind} "${String(name)}": put it on a method with a plain name, neither static nor private`,
    );
  const named = { ...options, name: options.name ?? name };
  const on = (instance: object) => {
    const run = (input: unknown) => (method as Method).call(another(instance), input);
    return declare({
      kind: "step",
      options: named,
      run: run as AuthorFunction,
      place: () => undefined,
      method: { owner: instance.constructor, name },
    });
  };
  const onPrototype = {
    [name](this: object, input?: unknown) {
      return on(this)(input);
    },
  }[name];
  context.addInitializer(function (this: unknown) {
    const instance = this as Record<string, unknown>;
    // A class that overrides the step without decorating it has a method of its own.
    if (instance[name] === onPrototype)
      Object.defineProperty(instance, name, { value: on(instance), writable: true, configurable: true });
  });
  return onPrototype;
}

const another = (instance: object): object => new (instance.constructor as new () => object)();
