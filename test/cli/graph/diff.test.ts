import { expect, test } from "vitest";
import { mergePictures } from "../../../src/cli/graph/diff/pictures.ts";
import { comparePipelines } from "../../../src/cli/graph/diff/pipelines.ts";
import { mermaid } from "../../../src/cli/graph/mermaid.ts";
import { picture } from "../../../src/cli/graph/picture.ts";
import type { Node } from "../../../src/model/node.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import type { CodeTemplate } from "../../../src/model/template.ts";
import { call, less, pipelineOf, v, wait } from "./nodes.ts";

const template = (code: string, options: Partial<CodeTemplate["options"]> = {}): CodeTemplate => ({
  kind: "code",
  bundle: `sha256:${code.repeat(64)}`,
  export: "step",
  options: { type: "training", queue: "default", ...options },
});
const loop = (limit: number, nodes: Node[]): Node => ({
  kind: "loop",
  id: "loop1",
  form: "while",
  at: "pipeline.ts:9:3",
  test: { nodes: [], value: less(v("n"), limit), text: `n < ${limit}` },
  nodes,
});
const add = (value: number): Node => ({
  kind: "let",
  id: "let1",
  value: { kind: "assign", op: "+", target: v("n"), value },
  writes: ["n"],
});

const before: Pipeline = {
  ...pipelineOf(
    [
      call("data", "load"),
      wait("data"),
      loop(3, [add(1), call("best", "fit", "data"), wait("best")]),
      call("report", "report", "best"),
    ],
    ["seed"],
  ),
  templates: { load: template("a"), fit: template("b"), report: template("c") },
};
const after: Pipeline = {
  ...pipelineOf(
    [
      call("data", "load"),
      wait("data"),
      call("clean", "clean", "data"),
      wait("clean"),
      loop(5, [add(2), call("best", "fit", "clean"), wait("best")]),
    ],
    ["seed", "target"],
  ),
  templates: {
    load: template("a"),
    fit: template("d", { queue: "gpu", retry: { limit: 2, delayMs: 0, factor: 2, maxDelayMs: 0 } }),
    clean: template("e"),
  },
};

test("steps, options, params, conditions, nodes: everything that changed is said in words", () => {
  expect(comparePipelines(before, after).words.join("\n")).toMatchInlineSnapshot(`
    "- the step report removed
    ~ the step fit: its code changed
    ~ the step fit: queue "default" → "gpu"
    ~ the step fit: retry none → { limit: 2, delayMs: 0, factor: 2, maxDelayMs: 0 }
    + the step clean added
    ~ params: target added ({})
    ~ the loop loop1 (pipeline.ts:9): while n < 3 → while n < 5
    ~ the line in loop1: n += 1 → n += 2
    ~ the call best = fit in loop1 (pipeline.ts:14): fit([data$p]) → fit([clean$p])
    - the call report removed (pipeline.ts:14): report([best$p])
    + the call clean added (pipeline.ts:14): clean([data$p])"
  `);
});

test("a pipeline does not differ from itself", () => {
  expect(comparePipelines(before, structuredClone(before)).words).toEqual(["nothing changed"]);
});

test("what went in one place and came in another has moved", () => {
  const outside = pipelineOf([call("check", "check"), loop(3, [call("best", "fit")])]);
  const inside = pipelineOf([loop(3, [call("best", "fit"), call("check", "check")])]);
  expect(comparePipelines(outside, inside).words).toMatchInlineSnapshot(`
    [
      "~ the call check moved from the body to loop1 (pipeline.ts:14)",
    ]
  `);
});

test("numbers of regions shift, and nothing is said to have changed", () => {
  const branch = (id: string, text: string, step: string): Node => ({
    kind: "branch",
    id,
    text,
    cases: [{ when: v("n"), nodes: [call(step, step)] }],
  });
  const one = pipelineOf([branch("if1", "a", "x"), branch("if2", "b", "y")]);
  const two = pipelineOf([branch("if1", "new", "z"), branch("if2", "a", "x"), branch("if3", "b", "y")]);
  expect(comparePipelines(one, two).words).toMatchInlineSnapshot(`
    [
      "+ the branch if1 added: if new",
      "+ the call z added in then of if1 (pipeline.ts:14): z([])",
    ]
  `);
});

test("the picture of both marks what came, what changed, and what went where it was", () => {
  const merged = mergePictures(picture(before), picture(after), comparePipelines(before, after));
  expect(mermaid(merged)).toMatchInlineSnapshot(`
    "flowchart TD
      params[/"params: seed, target"/]
      data["data = load<br/><small>pipeline.ts:14</small>"]
      clean["clean<br/><small>pipeline.ts:14</small>"]
      subgraph loop1["while n #60; 5<br/><small>pipeline.ts:9</small>"]
        loop1_again{"again?"}
        best["best = fit<br/><small>pipeline.ts:14</small>"]
      end
      removed_report["report<br/><small>pipeline.ts:14</small>"]
      data --> clean
      clean --> best
      loop1_again -. "yes" .-> best
      data --> best
      best --> removed_report
      classDef changed stroke:#8a5a00,stroke-width:3px
      class params,loop1,best changed
      classDef added stroke:#1f7a43,stroke-width:3px
      class clean added
      classDef removed stroke:#b3261e,stroke-width:2px,stroke-dasharray:5 3
      class removed_report removed
    "
  `);
});
