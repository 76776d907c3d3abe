/** Functions of the library as a body has them: they burn before they run. */

import { capped } from "./caps.ts";
import type { Cost } from "./cost.ts";
import { burningIterator } from "./iterables.ts";

type Native = (...args: unknown[]) => unknown;

/** A stand-in that looks like the function itself. */
export function metered(fn: Native, cost: Cost): Native {
  return disguised(
    fn,
    {
      call(this: unknown, ...args: unknown[]) {
        cost(this, args);
        return capped(Reflect.apply(fn, this, args));
      },
    }.call,
  );
}

/** The same for a method of iterators: it burns as it steps through its receiver. */
export function meteredIterating(fn: Native): Native {
  return disguised(
    fn,
    {
      call(this: unknown, ...args: unknown[]) {
        return capped(Reflect.apply(fn, burningIterator(this), args));
      },
    }.call,
  );
}

function disguised(fn: Native, standIn: Native): Native {
  for (const key of ["name", "length"] as const)
    Object.defineProperty(standIn, key, { value: fn[key], configurable: true });
  return standIn;
}
