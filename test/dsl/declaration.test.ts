import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { declarationOf } from "../../src/dsl/declaration.ts";
import { pipeline, step, withOptions } from "../../src/dsl/index.ts";
import whole, { chained, direct, steps } from "./fixtures/declared.ts";

const file = `${import.meta.dirname}/fixtures/declared.ts`;
const expected = [
  ["step", "direct", file, 4],
  ["step", "chained", file, 9],
  ["step", undefined, file, 12],
  ["step", "ownName", file, 12],
  ["pipeline", "whole", file, 14],
];

describe("name, file and line are those of the author's source", () => {
  test("under vitest", () => {
    const found = [direct, chained, steps.inside, steps.byFunction[0], whole].map((declared) => {
      const { kind, name, file, line } = declarationOf(declared) ?? {};
      return [kind, name, file, line];
    });
    expect(found).toEqual(expected);
  });

  test.each([
    ["under Node's type stripping", []],
    ["under tsx", ["--import", createRequire(import.meta.url).resolve("tsx")]],
  ])("%s", async (_where, flags) => {
    const args = [...flags, `${import.meta.dirname}/fixtures/print-declarations.ts`];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(expected)));
  });
});

test("the column is that of the call", () => {
  expect(declarationOf(whole)?.column).toBe('export default pipeline("'.indexOf("pipeline") + 1);
});

test("a declaration does not show in what people print or copy", () => {
  expect(Object.keys(direct)).toEqual([]);
  expect(declarationOf(async () => 1)).toBeUndefined();
  expect(declarationOf(null)).toBeUndefined();
});

describe("options", () => {
  const fn = async () => 1;
  const optionsOf = (declared: unknown) => declarationOf(declared)?.options;

  test("are the same as an object and as a chain", () => {
    const given = { queue: "gpu", retry: 2, timeLimit: "5m", priority: 1, tags: ["a"], type: "testing" } as const;
    const chained = step.queue("gpu").retry(2).timeLimit("5m").priority(1).tags(["a"]).type("testing");
    expect(optionsOf(step(given, fn))).toEqual(given);
    expect(optionsOf(chained(fn))).toEqual(given);
    expect(optionsOf(pipeline(given, fn))).toEqual(given);
  });

  test("of a chain may be kept and reused, since each link is a new one", () => {
    const gpu = step.queue("gpu");
    const often = gpu.retry(5);
    const once = gpu.project("examples").name("once");
    expect(optionsOf(gpu(fn))).toEqual({ queue: "gpu" });
    expect(optionsOf(often(fn))).toEqual({ queue: "gpu", retry: 5 });
    expect(optionsOf(once(fn))).toEqual({ queue: "gpu", project: "examples", name: "once" });
    expect(optionsOf(step(fn))).toEqual({});
  });

  test("given last count", () => {
    expect(optionsOf(step.queue("cpu").retry(1)({ queue: "gpu" }, fn))).toEqual({ queue: "gpu", retry: 1 });
    expect(optionsOf(withOptions(step.queue("cpu").retry(1)(fn), { retry: 0 }))).toEqual({ queue: "cpu", retry: 0 });
  });

  test("of a pipeline hold the name that is its first argument", () => {
    expect(optionsOf(pipeline.queue("services")("nightly", fn))).toEqual({ queue: "services", name: "nightly" });
  });

  test("for one call leave name, place and the declared options as they were", () => {
    const gpu = declarationOf(withOptions(direct, { queue: "gpu" }));
    expect([gpu?.name, gpu?.file, gpu?.line, gpu?.options]).toEqual(["direct", file, 4, { queue: "gpu" }]);
    expect(declarationOf(direct)?.options).toEqual({});
  });
});

test("what is no function is refused in a sentence, where no type checker was asked", () => {
  const untyped = { step, pipeline } as unknown as Record<string, (...args: unknown[]) => unknown>;
  expect(() => untyped.step?.()).toThrow(/^step\(…\) takes an async function/);
  expect(() => untyped.pipeline?.()).toThrow(/^pipeline\(…\) takes a name or options, then an async function/);
});

test("options without a function make a decorator, which says so where it is called as a step", () => {
  const retrying = step({ retry: 2 }) as unknown as () => unknown;
  expect(() => retrying()).toThrow(/^step\(…\) and pipeline\(…\) with options alone are decorators/);
  expect(() => (pipeline("nightly") as unknown as () => unknown)()).toThrow("give them the async function too");
});
