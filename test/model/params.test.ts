import { describe, expect, test } from "vitest";
import { checkParams, ParamsError, wrongParams } from "../../src/model/params.ts";
import type { JsonSchema } from "../../src/model/template.ts";

const schema: JsonSchema = {
  type: "object",
  properties: {
    target: { type: "number" },
    name: { type: "string" },
    mode: { enum: ["fast", "exact"] },
    since: { "x-type": "Date" },
    until: { anyOf: [{ "x-type": "Date" }, { type: "null" }] },
    big: { "x-type": "bigint" },
    rates: { type: "array", items: { type: "number" } },
    tree: { type: "object", properties: { depth: { type: "integer" } }, required: ["depth"] },
    choice: { anyOf: [{ type: "string" }, { type: "number" }] },
    table: { "x-type": "Map", "x-keys": { type: "string" }, "x-values": { type: "number" } },
  },
  required: ["target"],
};

const problems = (given: unknown, of: JsonSchema = schema): readonly string[] => {
  try {
    checkParams(of, given);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ParamsError);
    return (error as ParamsError).problems;
  }
};

describe("what fits", () => {
  test("comes back as it was, with no defaults filled in", () => {
    const given = { target: 0.9, mode: "fast", rates: [1, 2], tree: { depth: 2 }, choice: 3 };
    expect(checkParams(schema, given)).toEqual(given);
  });

  test("may be left out where all of it is optional", () => {
    expect(checkParams({ type: "object", properties: { target: { type: "number" } } }, undefined)).toEqual({});
    expect(checkParams(undefined, undefined)).toBeUndefined();
    expect(checkParams(undefined, {})).toBeUndefined();
  });

  test("a date is an ISO string in JSON, a bigint digits or a whole number", () => {
    expect(checkParams(schema, { target: 1, since: "2026-01-31", big: "12345678901234567890" })).toEqual({
      target: 1,
      since: new Date("2026-01-31"),
      big: 12345678901234567890n,
    });
    expect(checkParams(schema, { target: 1, until: "2026-01-31T00:00:00Z", big: 7 })).toEqual({
      target: 1,
      until: new Date("2026-01-31"),
      big: 7n,
    });
    expect(checkParams(schema, { target: 1, until: null })).toEqual({ target: 1, until: null });
  });

  test("a program gives dates and maps themselves", () => {
    const given = { target: 1, since: new Date(0), until: new Date(1), table: new Map([["a", 1]]) };
    expect(checkParams(schema, given)).toEqual(given);
  });

  test("a string that may be a string is not made a date", () => {
    const either: JsonSchema = {
      type: "object",
      properties: { at: { anyOf: [{ "x-type": "Date" }, { type: "string" }] } },
    };
    expect(checkParams(either, { at: "2026-01-31" })).toEqual({ at: "2026-01-31" });
  });

  test("dates lie also behind a reference and in arrays", () => {
    const nested: JsonSchema = {
      type: "object",
      properties: { spans: { type: "array", items: { $ref: "#/$defs/Span" } } },
      $defs: { Span: { type: "object", properties: { from: { "x-type": "Date" } }, required: ["from"] } },
    };
    expect(checkParams(nested, { spans: [{ from: "2026-01-31" }] })).toEqual({
      spans: [{ from: new Date("2026-01-31") }],
    });
  });
});

describe("what does not fit is named, with what was expected and what was given", () => {
  test.each([
    [{ target: "high" }, ['"target": expected a number, got "high"']],
    [{}, ['"target": missing: expected a number']],
    [{ target: 1, mode: "slow" }, ['"mode": expected "fast" or "exact", got "slow"']],
    [{ target: 1, rates: [1, "x"] }, ['"rates[1]": expected a number, got "x"']],
    [{ target: 1, tree: {} }, ['"tree.depth": missing: expected a number']],
    [{ target: 1, choice: true }, ['"choice": expected a string or a number, got true']],
    [{ target: 1, since: "soon" }, ['"since": expected a date such as "2026-01-31T12:00:00Z", got "soon"']],
    [{ target: 1, big: 1.5 }, ['"big": expected a whole number, got 1.5']],
    [{ target: 1, table: {} }, ['"table": expected a Map (which only a program can give), got {}']],
  ])("%j", (given, expected) => {
    expect(problems(given)).toEqual(expected);
  });

  test("an unknown param is an error that says what was meant", () => {
    expect(problems({ target: 1, taget: 2 })).toEqual(['unknown param "taget": did you mean "target"?']);
    expect(problems({ extra: 1 }, { type: "object", properties: { a: { type: "number" } } })).toEqual([
      'unknown param "extra": known are a',
    ]);
  });

  test("a pipeline may take none", () => {
    expect(() => checkParams(undefined, { x: 1 })).toThrow("wrong params: this pipeline takes no params, got x");
    expect(() => checkParams(undefined, 3)).toThrow("wrong params: this pipeline takes no params, got 3");
  });

  test("params are an object", () => {
    expect(problems([1])).toEqual(["expected an object of params, got [1]"]);
    expect(problems("high")).toEqual(['expected an object of params, got "high"']);
  });

  test("all of it is told at once", () => {
    expect(() => checkParams(schema, { target: "high", mode: "slow" })).toThrow(
      'wrong params:\n  - "target": expected a number, got "high"\n  - "mode": expected "fast" or "exact", got "slow"',
    );
  });
});

describe("what one pipeline gives another", () => {
  test("is checked as values: a text is no date there", () => {
    expect(wrongParams(schema, { target: 1, since: new Date(0), big: 1n })).toEqual([]);
    expect(wrongParams(schema, { target: "1", since: "2026-01-31", big: 1 })).toEqual([
      '"since": expected a date such as "2026-01-31T12:00:00Z", got "2026-01-31"',
      '"big": expected a whole number, got 1',
      '"target": expected a number, got "1"',
    ]);
  });

  test("may have more fields, and numbers that are not finite, as in a plain call", () => {
    expect(wrongParams(schema, { target: Number.NaN, rates: [Number.POSITIVE_INFINITY], more: 1 })).toEqual([]);
  });

  test("may be nothing where all of it is optional", () => {
    expect(wrongParams({ type: "object", properties: { target: { type: "number" } } }, undefined)).toEqual([]);
    expect(wrongParams(schema, undefined)).toEqual(['"target": missing: expected a number']);
  });
});
