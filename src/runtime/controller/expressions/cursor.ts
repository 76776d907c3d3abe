import { burn } from "../bounds/burn.ts";

/** An iterator as a destructuring uses it: step by step, closed when something else ends it. */
export class Cursor {
  readonly #iterator: Iterator<unknown>;
  #done = false;

  /** Throws a TypeError where the value cannot be iterated. */
  constructor(value: unknown) {
    const make = (value as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator];
    if (typeof make !== "function") throw new TypeError(`${value === null ? null : typeof value} is not iterable`);
    this.#iterator = Reflect.apply(make, value, []);
  }

  /** The next value; undefined past the end. */
  next(): unknown {
    if (this.#done) return undefined;
    this.#done = true; // an iterator that throws is not closed
    const result = this.#iterator.next();
    if (result.done) return undefined;
    this.#done = false;
    return result.value;
  }

  rest(): unknown[] {
    const values: unknown[] = [];
    for (;;) {
      const value = this.next();
      if (this.#done) return values;
      burn(1);
      values.push(value);
    }
  }

  /** Closes the iterator after `use` unless it has ended; what `use` throws wins over what closing throws. */
  closing(use: () => void): void {
    try {
      use();
    } catch (error) {
      try {
        this.#close();
      } catch {}
      throw error;
    }
    this.#close();
  }

  #close(): void {
    if (!this.#done) this.#iterator.return?.();
  }
}
