import { expect, test } from "vitest";
import type { Node } from "../../../src/model/node.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import { loopTitlesOf } from "../../../src/runtime/controller/loop-titles.ts";
import { binary, loop, pipelineOf, variable } from "./programs.ts";

const below = (id: string, limit: number) => loop(id, binary(variable("n"), "<", limit), []);
const fn = (id: string, nodes: Node[]): Node => ({
  kind: "function",
  id,
  variable: id,
  function: { id, name: id, async: true, params: [], nodes },
});

test("loops are known by their tests, of each pipeline by itself, but for ids that two of them have", () => {
  const { graph } = pipelineOf({}, [below("loop1", 2)]);
  const over: Node = {
    ...below("loop2", 0),
    form: "of",
    over: { value: variable("xs"), target: variable("x") },
  } as Node;
  const nodes = [below("loop1", 1), over, fn("a", [below("loop3", 3)]), fn("b", [below("loop3", 4)])];
  const pipeline: Pipeline = {
    ...pipelineOf({}, nodes),
    pipelines: { inner: { name: "inner", options: { type: "controller", queue: "services" }, graph } },
  };
  pipeline.templates.called = {
    kind: "pipeline",
    pipeline: "inner",
    options: { type: "controller", queue: "services" },
  };
  expect(loopTitlesOf(pipeline)).toEqual({
    "": { loop1: "while n < 1", loop2: "for each x of xs" },
    called: { loop1: "while n < 2" },
  });
  expect(loopTitlesOf(pipeline, "inner")[""]).toEqual({ loop1: "while n < 2" });
});
