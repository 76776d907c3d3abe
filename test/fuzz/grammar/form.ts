/** A form of the grammar: its parts, which fast-check makes and shrinks, and the text that they make. */
import fc from "fast-check";
import type { Scope, Text } from "../scope.ts";

export type Form = fc.WeightedArbitrary<Text>;

/** What every form is made of. */
export type Parts = {
  value: fc.Arbitrary<Text>;
  /** A number or a variable. */
  leaf: fc.Arbitrary<Text>;
  test: fc.Arbitrary<Text>;
  /** A value that is mostly a promise, not awaited. */
  promise: fc.Arbitrary<Text>;
  /** A few statements, with a scope of their own. */
  statements: fc.Arbitrary<Text>;
};

export function form<T extends object>(
  weight: number,
  parts: { [part in keyof T]: fc.Arbitrary<T[part]> },
  text: (parts: T, s: Scope) => string,
): Form {
  return { weight, arbitrary: fc.record(parts).map((made) => (s: Scope) => text(made as T, s)) };
}

/** References are indexes, taken modulo what is in scope. */
export const index = fc.nat(7);
export const flag = fc.boolean();
export const oneOf = fc.constantFrom;
export const some = <T>(part: fc.Arbitrary<T>, maxLength = 3, minLength = 0): fc.Arbitrary<T[]> =>
  fc.array(part, { minLength, maxLength });
export const maybe = <T>(part: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(part);

export const each = (texts: Text[], s: Scope): string[] => texts.map((text) => text(s));
