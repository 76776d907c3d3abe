/**
 * Values between steps: plain data with Map, Set, Date, bigint, typed arrays, RegExp, URL, errors, `undefined`, `NaN`, `-0`, holes and
 * cycles, as text. Functions, class instances, promises and symbols are refused with a sentence that names the place.
 */
import { parse, stringify } from "devalue";
import { errorOf, type Failure, failureOf, withoutStack } from "./failure.ts";

/** Text above this many bytes is kept as a content-addressed artifact rather than in a row. */
export const largeBytes = 32 * 1024;

/** An input or output that cannot be passed: it holds a function, a class instance, a promise or a symbol. The message says where. */
export class ValueError extends TypeError {
  override name = "ValueError";
}

const reducers = { Error: (value: unknown) => value instanceof Error && withoutStack(failureOf(value)) };
const revivers = { Error: (failure: Failure) => errorOf(failure) };

/** The value as text. `what` names it in the error, such as `the input of step "fit"`. */
export function encode(value: unknown, what = "the value"): string {
  try {
    return stringify(value, reducers);
  } catch (error) {
    const { path, message } = error as { path?: string; message: string };
    throw new ValueError(
      `${what}${path ? ` (at ${path})` : ""} cannot be passed between steps: ${lowerFirst(message)}. ` +
        "Pass plain data, Map, Set, Date, RegExp, bigint, typed arrays or errors",
    );
  }
}

export function decode(text: string): unknown {
  return parse(text, revivers);
}

/** A copy such as a step receives: what `encode` and `decode` keep, and nothing else. */
export function copy<T>(value: T, what?: string): T {
  return decode(encode(value, what)) as T;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
