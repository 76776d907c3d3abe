/**
 * What built-ins cost, in units of fuel, by what they are called with: burned before they run. A unit is about a tenth of a microsecond; what is
 * done to each element or character was measured, and rounded up.
 */
import { burn } from "./burn.ts";
import { burnCoercion, burnText, burnTree, lengthOf } from "./size.ts";

/** Burns. May put something else in place of an argument, such as a function that burns as it is called. */
export type Cost = (of: unknown, args: unknown[]) => void;

export const each = (cost: Cost, names: string): [string, Cost][] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, cost]);

/** Elements are moved in one piece. */
export const moves: Cost = (of) => burn(lengthOf(of) / 64);

/** Elements are looked at. */
export const scans: Cost = (of) => burn(lengthOf(of) / 8);

/** Everything within is turned into text, or copied. */
export const goesDown: Cost = (of) => burnTree(of);

/** Texts are looked at as a whole; what is no text is made one. */
export const reads: Cost = (of, args) => {
  for (const text of [of, ...args]) {
    if (typeof text === "string") burnText(text.length);
    else burnCoercion(text);
  }
};

/** What is no text is made one. */
export const coerces: Cost = (of, args) => {
  burnCoercion(of);
  for (const value of args) burnCoercion(value);
};

/** A key of a table is looked at as a whole. */
export const looksUp: Cost = (_of, [key]) => {
  if (typeof key === "string") burnText(key.length);
};
