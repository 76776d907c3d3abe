/** Iterators that a built-in steps through: they may go on for as long as an array is, so every step burns. */
import { burn } from "./burn.ts";
import { lengthOf } from "./size.ts";

/** An iterable as an argument: a collection burns by its size, an iterator step by step. */
export function burningIterable(value: unknown): unknown {
  if (!isIterator(value)) {
    burn(lengthOf(value));
    return value;
  }
  return { [Symbol.iterator]: () => burning(value[Symbol.iterator]()) };
}

/** An iterator as a receiver of `map`, `take`, `toArray` and the like. */
export const burningIterator = (value: unknown): unknown => (isIterator(value) ? burning(value) : value);

/** `[1].values()` and its like, all of the library; the body has no others. */
function isIterator(value: unknown): value is IterableIterator<unknown> {
  return typeof value === "object" && value !== null && Object.prototype.isPrototypeOf.call(iterators, value);
}

const iterators: object = Object.getPrototypeOf(Object.getPrototypeOf([].values()));

function burning(iterator: Iterator<unknown>): Iterator<unknown> {
  const { next } = iterator;
  return {
    next() {
      burn(1);
      return next.call(iterator);
    },
    return: (value) => iterator.return?.(value) ?? { done: true, value },
  };
}
