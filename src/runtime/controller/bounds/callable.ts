/** A class of the library in the place of a function, as in `xs.map(String)`: it burns at every call, as one that is called by name does. */
import { classCosts } from "./class-costs.ts";

export function callable(fn: unknown): unknown {
  const cost = classCosts.get(fn);
  if (cost === undefined) return fn;
  return (...args: unknown[]) => {
    cost(undefined, args);
    return Reflect.apply(fn as () => unknown, undefined, args);
  };
}
