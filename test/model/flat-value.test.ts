/** Flat values: the short way of encoding them agrees with the general one, letter for letter. */
import { parse, stringify } from "devalue";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flatText, flatValue } from "../../src/model/flat-value.ts";
import { unread } from "../../src/model/unread.ts";
import { decode, encode } from "../../src/model/value.ts";

const scalar = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom(null, undefined, -0, 0, 1e21, "<", "\u2028", '"', "\\", "", "1", 1),
);
const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "then", "toJSON", "a", "<b", "1", "constructor"));
const flatOrNearly = fc.oneof(
  scalar,
  fc.dictionary(key, scalar, { maxKeys: 20 }),
  fc.dictionary(key, fc.oneof(scalar, fc.array(scalar), fc.dictionary(key, scalar))),
  fc.array(scalar),
  fc.date(),
  fc.anything({ withMap: true, withSet: true, withDate: true, withBigInt: true, withSparseArray: true }),
);

const textOf = (value: unknown): string | undefined => {
  try {
    return stringify(value);
  } catch {
    return undefined;
  }
};

describe("a flat value", () => {
  test("has the text of the general way, and comes back by it", () => {
    let flats = 0;
    fc.assert(
      fc.property(flatOrNearly, (value) => {
        const flat = flatText(value);
        if (flat === undefined) return;
        flats += 1;
        expect(flat).toBe(stringify(value));
      }),
      { numRuns: 5_000 },
    );
    expect(flats).toBeGreaterThan(500);
  });

  test("is read as the general way reads it", () => {
    fc.assert(
      fc.property(flatOrNearly, (value) => {
        const text = textOf(value);
        const flat = text && flatValue(JSON.parse(text));
        if (flat) expect(flat.value).toStrictEqual(parse(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    "[]",
    "[1,2]",
    "{}",
    "-1",
    '[{"a":0}]',
    '[{"a":1.5},2]',
    '[{"a":2},1]',
    '[{"__proto__":1},1]',
    '[{"a":-1}]',
  ])("is none: %s", (text) => expect(flatValue(JSON.parse(text))).toBeUndefined());

  test.each([
    [
      "a class instance",
      new (class Point {
        x = 1;
      })(),
    ],
    ["an object with a symbol", { x: 1, [Symbol("s")]: 2 }],
    ["an object without a prototype", Object.assign(Object.create(null), { x: 1 })],
    ["an output without content", unread("r/fit", "sha256:00" as never)],
    ["an array", [1]],
    ["a function", () => {}],
  ])("is none: %s", (_, value) => expect(flatText(value)).toBeUndefined());

  test.each([null, 12, "a", true, {}, { n: 12 }, { a: 1, b: 1, c: null }])("goes there and back: %j", (value) => {
    expect(flatText(value)).toBeDefined();
    expect(decode(encode(value))).toStrictEqual(value);
  });
});
