import { describe, expect, test } from "vitest";
import { cacheKey, cachePolicy, nearestOf } from "../../src/model/cache.ts";
import { hashOf } from "../../src/model/hash.ts";
import { taskOptions } from "../../src/model/options.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";
import { checkRefresh, isRefreshed } from "../../src/model/refresh.ts";

describe("the option", () => {
  test("in the form of the graph", () => {
    expect(cachePolicy(true)).toEqual({ scope: "store" });
    expect(cachePolicy(false)).toBeUndefined();
    expect(cachePolicy({ key: "2026", ttl: "2h", scope: "project" })).toEqual({
      key: "2026",
      ttlMs: 7_200_000,
      scope: "project",
    });
  });

  test("out of its range says what is wrong", () => {
    expect(() => cachePolicy({ key: "" })).toThrow("the key is not a text of at least one character");
    expect(() => cachePolicy({ ttl: "soon" as "1s" })).toThrow('"soon" is not a duration');
    expect(() => cachePolicy({ scope: "run" as "store" })).toThrow('the scope "run" is neither "store" nor "project"');
    expect(() => cachePolicy("yes" as never)).toThrow("neither true nor an object");
  });

  test("is none of a pipeline's", () => {
    expect(() => taskOptions({ cache: true }, "pipeline")).toThrow(
      "a pipeline is not cached as a whole, its steps are",
    );
    expect(taskOptions({ cache: false }, "pipeline")).not.toHaveProperty("cache");
  });
});

const step = { bundle: hashOf("code"), export: "fit", options: taskOptions({ cache: true }, "step") };
const key = cacheKey(step, "[1]", "node 24");

describe("the key", () => {
  test("is the same for the same, whatever says how it is run and not what", () => {
    const options = taskOptions({ cache: { ttl: "1h" }, queue: "gpu", retry: 3, priority: 2 }, "step");
    expect(cacheKey({ ...step, options }, "[1]", "node 24")).toEqual(key);
  });

  test.each([
    ["code", cacheKey({ ...step, bundle: hashOf("other") }, "[1]", "node 24")],
    ["code", cacheKey({ ...step, export: "score" }, "[1]", "node 24")],
    ["input", cacheKey(step, "[2]", "node 24")],
    ["input", cacheKey(step, undefined, "node 24")],
    ["configuration", cacheKey({ ...step, options: taskOptions({ cache: { key: "b" } }, "step") }, "[1]", "node 24")],
    ["environment", cacheKey(step, "[1]", "node 26")],
  ] as const)("is another for another %s, and that part says so", (part, other) => {
    expect(other.hash).not.toBe(key.hash);
    expect(nearestOf(key.parts, [{ parts: other.parts }])?.differs).toEqual([part]);
  });

  test("has its nearest in the one with the fewest differences, of equals the first", () => {
    const input = { id: "input", parts: cacheKey(step, "[2]", "node 24").parts };
    const both = { id: "both", parts: cacheKey(step, "[2]", "node 26").parts };
    const code = { id: "code", parts: cacheKey({ ...step, export: "x" }, "[1]", "node 24").parts };
    expect(nearestOf(key.parts, [both, input, code])?.earlier.id).toBe("input");
    expect(nearestOf(key.parts, [])).toBeUndefined();
  });
});

describe("a refresh", () => {
  const templates = {
    fit: { kind: "code", ...step },
    load: { kind: "code", ...step, options: taskOptions({}, "step") },
  };
  const pipeline = { name: "p", templates } as unknown as Pipeline;

  test("is of all steps, or of those that are named", () => {
    expect(isRefreshed(true, "fit")).toBe(true);
    expect(isRefreshed(["fit"], "fit")).toBe(true);
    expect(isRefreshed(["load"], "fit")).toBe(false);
    expect(isRefreshed(undefined, "fit")).toBe(false);
  });

  test("of a step that is not cached, or is not there, names those that are", () => {
    expect(() => checkRefresh(["fit"], pipeline)).not.toThrow();
    expect(() => checkRefresh(["load"], pipeline)).toThrow(
      '"load" is no cached step of the pipeline "p": those that are: fit',
    );
    expect(() => checkRefresh(["fitt"], pipeline)).toThrow('did you mean "fit"?');
    expect(() => checkRefresh(["x"], { ...pipeline, templates: {} })).toThrow(
      "none of its steps has the option `cache`",
    );
  });
});
