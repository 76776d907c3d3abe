import { expect, test } from "vitest";
import { pretty, toJson } from "../../src/cli/values.ts";

test("what JSON has no word for becomes the nearest thing", () => {
  const value = {
    undefined: undefined,
    nan: Number.NaN,
    bigint: 10n,
    date: new Date(0),
    invalid: new Date(Number.NaN),
    map: new Map([["a", 1]]),
    pairs: new Map([[1, new Set([2])]]),
    bytes: new Uint8Array([1, 2]),
    error: new RangeError("no"),
    regexp: /a/g,
    holes: Object.assign([1], { 2: 3 }),
  };
  expect(toJson(value)).toEqual({
    undefined: null,
    nan: null,
    bigint: "10",
    date: "1970-01-01T00:00:00.000Z",
    invalid: null,
    map: { a: 1 },
    pairs: [[1, [2]]],
    bytes: [1, 2],
    error: { name: "RangeError", message: "no" },
    regexp: "/a/g",
    holes: [1, null, 3],
  });
});

test("what holds itself is cut where it does; what is there twice is not", () => {
  const twice = { n: 1 };
  const self: Record<string, unknown> = { a: twice, b: twice };
  self.self = self;
  expect(toJson(self)).toEqual({ a: { n: 1 }, b: { n: 1 }, self: "[circular]" });
});

test("a long value is cut to a screen, and says how much is left out", () => {
  const text = pretty(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field${i}`, i])), {
    width: 60,
    color: false,
    lines: 5,
  });
  expect(text.split("\n")).toHaveLength(5);
  expect(text).toMatch(/… 98 more lines$/);
});
