import { describe, expect, test } from "vitest";
import { enteredOf, fieldsOf, problemIn, valuesOf } from "../../web/start/fields.ts";

const fields = fieldsOf({
  type: "object",
  properties: {
    rate: { type: "number", minimum: 0, maximum: 1, default: 0.5 },
    name: { type: "string" },
    mode: { enum: ["fast", "slow"] },
    exact: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
    limit: { anyOf: [{ type: "number" }, { type: "string" }] },
    settings: {
      type: "object",
      properties: { depth: { type: "integer" }, kind: { enum: ["tree", "forest"] } },
      required: ["depth", "kind"],
      default: { depth: 3, kind: "tree" },
    },
    place: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
  required: ["name"],
});
const named = (name: string) => fields.find((field) => field.name === name)!;

test("each kind of param has its field, with what it may be and what it is by default", () => {
  expect(fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    ...["rate number", "name text", "mode choice", "exact choice", "tags json", "limit json"],
    ...["settings group", "place group"],
  ]);
  expect(named("rate")).toMatchObject({ hint: "0 to 1", least: 0, most: 1, byDefault: "0.5", isWanted: false });
  expect(named("name")).toMatchObject({ isWanted: true });
  expect(named("tags").hint).toBe("a list, each item text, as JSON");
  expect(named("limit").hint).toBe("a number or text, as JSON");
  expect(named("settings")).toMatchObject({
    fields: [{ path: "settings.depth", byDefault: "3" }, { byDefault: '"tree"' }],
  });
});

test("what need not be there wants nothing in it", () => {
  expect(named("place")).toMatchObject({ isWanted: false, fields: [{ path: "place.city", isWanted: false }] });
});

describe("what is entered becomes params", () => {
  test("what is left empty is left to the pipeline", () => {
    expect(valuesOf(fields, { name: "x", rate: "" })).toEqual({ name: "x" });
  });

  test("a text is taken as it is, all else as JSON", () => {
    const entered = { name: "007", rate: "0.25", mode: '"slow"', exact: "false", tags: '["a"]', limit: '"none"' };
    expect(valuesOf(fields, entered)).toEqual({
      ...{ name: "007", rate: 0.25, mode: "slow", exact: false, tags: ["a"], limit: "none" },
    });
  });

  test("a part of an object leaves the rest of it as its default says", () => {
    expect(valuesOf(fields, { name: "x", "settings.depth": "5" })).toMatchObject({
      settings: { depth: 5, kind: "tree" },
    });
  });

  test("what is no JSON is named", () => {
    expect(problemIn(named("tags"), "[a]")).toContain("text stands in double quotes");
    expect(() => valuesOf(fields, { name: "x", tags: "[a]" })).toThrow("tags: this is no JSON");
  });
});

test("the params of an earlier run come back as they were", () => {
  const given = { rate: 0.1, name: "n", exact: true, tags: ["a", "b"], settings: { depth: 9, kind: "forest" } };
  expect(valuesOf(fields, enteredOf(fields, given))).toEqual(given);
});
