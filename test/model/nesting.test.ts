import { describe, expect, test } from "vitest";
import { callsOf, isWithin, rootOf } from "../../src/model/identity.ts";
import { maxNesting, nestingError } from "../../src/model/nesting.ts";
import { admit, type Pipeline, PipelineError } from "../../src/model/pipeline.ts";
import { print } from "../../src/model/print-pipeline.ts";

test("a run's id says by which calls it came to be", () => {
  expect(callsOf("r1")).toEqual(["r1"]);
  expect(callsOf("r1/prepare/split")).toEqual(["r1", "prepare", "split"]);
  expect(callsOf("r1/loop1[2]/twice#1/prepare/fits[3]/inner")).toEqual([
    "r1",
    "loop1[2]/twice#1/prepare",
    "fits[3]/inner",
  ]);
  expect(callsOf("r1/loop1[2]/prepare/x").join("/")).toBe("r1/loop1[2]/prepare/x");
});

test("what runs for a run begins with its id, and a slash", () => {
  expect(rootOf("r1/prepare/fit")).toBe("r1");
  expect(["r1", "r1/fit", "r1/prepare/fit"].map((id) => isWithin(id, "r1"))).toEqual([true, true, true]);
  expect(["r", "r10", "r10/fit", "r1/prepare2"].map((id) => isWithin(id, "r1/prepare"))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test("a chain of calls that is too long is shown by its ends", () => {
  expect(nestingError(["a", "b", "c"]).message).toBe(
    `the pipeline "c" would run 3 pipelines deep (a → b → c), and ${maxNesting} is the most: end the recursion earlier, or loop in one body`,
  );
  expect(nestingError(["a", "b", "c", "d", "e", "f", "g"]).message).toContain("(a → b → c → … → e → f → g)");
});

describe("pipeline JSON with pipelines that are called", () => {
  const options = { type: "controller", queue: "services" } as const;
  const graph: Pipeline["graph"] = {
    order: "sequence",
    module: [],
    body: { id: "body", name: "body", async: true, params: [], nodes: [] },
  };
  const whole: Pipeline = {
    format: 1,
    name: "train",
    options,
    graph,
    pipelines: { prepare: { name: "prepare", options, graph } },
    templates: {
      prepare: { kind: "pipeline", pipeline: "prepare", options },
      again: { kind: "pipeline", pipeline: "train", options },
    },
    bundles: {},
  };
  const refused = (pipeline: object) => () => admit(JSON.stringify(pipeline));

  test("is admitted, and printed as it was", () => {
    expect(print(admit(print(whole)))).toBe(print(whole));
  });

  test("is refused where a template's pipeline is missing, be it the name of a property of every object", () => {
    for (const pipeline of ["other", "constructor", "toString"]) {
      const broken = { ...whole, templates: { x: { kind: "pipeline", pipeline, options } } };
      expect(refused(broken)).toThrow(
        new PipelineError(`the template "x" needs the pipeline "${pipeline}", which is not in the JSON`),
      );
    }
  });

  test("is refused where two pipelines have one name", () => {
    const broken = { ...whole, pipelines: { train: whole.pipelines!.prepare } };
    expect(refused(broken)).toThrow(/two pipelines of the JSON have the name "train"/);
  });

  test("is refused where a called pipeline is none", () => {
    expect(refused({ ...whole, pipelines: { prepare: { name: "prepare", options } } })).toThrow(
      /pipelines\.prepare\.graph/,
    );
  });
});
