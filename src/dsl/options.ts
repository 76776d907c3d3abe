import type { Options } from "../model/options.ts";
import { type Place, placeAbove } from "./place.ts";

/**
 * Every option as a method. Each call gives a new chain, so that one can be kept: `const gpu = step.queue("gpu")`. One that may be `true` is so
 * where nothing is given: `step.cache()`.
 */
export type OptionMethods<Chain> = {
  readonly [Name in keyof Options]-?: Method<Exclude<Options[Name], undefined>, Chain>;
};

type Method<Value, Chain> = true extends Value ? (value?: Value) => Chain : (value: Value) => Chain;

type Declare = (options: Options, args: unknown[], place: () => Place | undefined) => unknown;

/**
 * A chain's function calls `declare` with the options so far, its own arguments, and where it was called; so do further words that end a
 * chain, such as `pipeline.graph(…)`.
 */
export function chain<Chain>(declare: Declare, options: Options = {}, ends: Record<string, Declare> = {}): Chain {
  const door = (...args: unknown[]) => declare(options, args, placeAbove(door));
  // Defined rather than assigned: a function's own `name` is read-only.
  for (const name of optionNames)
    Object.defineProperty(door, name, {
      value: (...given: unknown[]) =>
        chain(declare, { ...options, [name]: given.length === 0 ? true : given[0] }, ends),
    });
  for (const [name, end] of Object.entries(ends)) {
    const word = (...args: unknown[]) => end(options, args, placeAbove(word));
    Object.defineProperty(door, name, { value: word });
  }
  return door as Chain;
}

/** By hand, since the model's schema would bring zod into every bundle; one that is forgotten does not compile. */
const optionNames = Object.keys({
  name: true,
  project: true,
  tags: true,
  type: true,
  queue: true,
  cache: true,
  retry: true,
  timeLimit: true,
  priority: true,
  onFailure: true,
  concurrency: true,
  rate: true,
  env: true,
  packages: true,
  secrets: true,
  resources: true,
  monitor: true,
} satisfies Record<keyof Options, true>);
