/** The door from unknown JSON to a pipeline: what is refused, and in which sentence. */
import { describe, expect, test } from "vitest";
import { admit, PipelineError } from "../../src/model/pipeline.ts";
import { load } from "../../src/runtime/controller/graph/load.ts";
import { call, loop, object, pipelineOf, returns, variable, wait } from "../runtime/controller/programs.ts";

const good = pipelineOf({ a: "async () => {}" }, [
  call("a", object({ n: 1 }), "p"),
  wait(variable("p"), "x"),
  loop("loop1", false, []),
  returns(variable("x")),
]);

type Loose = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: the tests write what the types forbid
const changed = (change: (pipeline: any) => void): string => {
  const copy: unknown = JSON.parse(JSON.stringify(good));
  change(copy);
  return JSON.stringify(copy);
};
const withNode = (node: Loose) => changed((pipeline) => pipeline.graph.body.nodes.unshift(node));
const withValue = (value: unknown) => withNode({ kind: "let", id: "l", value });

/** As a run takes it in: admitted, and its graph loaded. */
function takeIn(text: string): void {
  load(admit(text).graph);
}

test("what the compiler writes is taken in", () => {
  expect(() => takeIn(JSON.stringify(good))).not.toThrow();
});

const nested = (depth: number, open: string, inner: string, close: string) =>
  `${open.repeat(depth)}${inner}${close.repeat(depth)}`;

const refused: Record<string, [text: string, sentence: string]> = {
  "no JSON": ["{", "this is no pipeline JSON: it is not JSON"],
  "other JSON": ["null", "this is no pipeline JSON: Invalid input: expected object, received null"],
  "a newer format": [changed((p) => (p.format = 99)), "has format 99, and this Reprise knows formats up to 1: update"],
  "a key that reaches for the prototype": [
    JSON.stringify(good).replace('"options":{', '"options":{"__proto__":{"polluted":true},'),
    'it has a key "__proto__"',
  ],
  "a template with that name": [
    JSON.stringify(good).replace('"templates":{', '"templates":{"__proto__":{},'),
    'it has a key "__proto__"',
  ],
  "a template that only a prototype has": [
    changed((p) => (p.graph.body.nodes[0].template = "constructor")),
    'the call "a" needs the template "constructor", which is not in the JSON',
  ],
  "a bundle that only a prototype has": [
    changed((p) => (p.templates.a.bundle = "constructor")),
    "templates.a.bundle: not a sha256: hash",
  ],
  "arrays nested without end": [nested(100_000, "[", "", "]"), "it is nested more than 400 deep"],
  "expressions nested without end": [
    withValue(0).replace('"value":0}', `"value":${nested(100_000, '{"kind":"chain","of":', "1", "}")}}`),
    "it is nested more than 400 deep",
  ],
  "functions nested without end": [
    withValue(0).replace(
      '"value":0}',
      `"value":${nested(10_000, '{"kind":"arrow","id":"f","params":[],"value":', "1", "}")}}`,
    ),
    "it is nested more than 400 deep",
  ],
  "more values than a graph has": [`[${"0,".repeat(1_000_001)}0]`, "it holds more than 1000000 values"],
  "a word that is none": [
    withNode({ kind: "goto", id: "g", to: "a" }),
    "graph.body.nodes.0.kind: Invalid discriminator value",
  ],
  "a field that is none": [
    changed((p) => (p.graph.body.nodes[0].next = "loop1")),
    'graph.body.nodes.0: Unrecognized key: "next"',
  ],
  "an operator that is none": [
    withValue({ kind: "binary", op: "constructor", left: 1, right: 2 }),
    "graph.body.nodes.0.value.op: Invalid option",
  ],
  "a bigint of a million digits": [
    withValue({ kind: "bigint", digits: "9".repeat(1_000_000) }),
    "graph.body.nodes.0.value.digits: Too big: expected string to have <=10000 characters",
  ],
  "a regular expression that is none": [
    withValue({ kind: "regexp", source: "(", flags: "" }),
    "the graph has a regular expression that is none: Invalid regular expression: /(/",
  ],
  "flags that are none": [withValue({ kind: "regexp", source: "", flags: "uv" }), "a regular expression that is none"],
  "a variable that nothing declares": [
    withValue({ kind: "variable", name: "process" }),
    'the graph uses the variable "process", which nothing around declares',
  ],
  "an assignment to a call": [
    withValue({ kind: "assign", target: { kind: "apply" }, value: 1 }),
    "graph.body.nodes.0.value.target.kind: Invalid discriminator value",
  ],
  "a function that is none": [
    withNode({ kind: "function", id: "f", variable: "f", function: { nodes: [] } }),
    "graph.body.nodes.0.function",
  ],
};

describe("refused is", () => {
  test.each(Object.entries(refused))("%s", (_, [text, sentence]) => {
    expect(() => takeIn(text)).toThrow(PipelineError);
    expect(() => takeIn(text)).toThrow(sentence);
  });

  test.each(["", " ", "a/b", "a[1]", "a#1", "a\n", "a\u0000", "\u202eb", "x".repeat(201)])("the id %j", (id) => {
    expect(() => takeIn(withNode({ kind: "let", id, value: 1 }))).toThrow(PipelineError);
  });
});

describe("a cycle that is no loop cannot be written", () => {
  const around = "with nothing around it";
  test.each([
    ["a continue of a loop that is not around it", withNode({ kind: "continue", id: "c", label: "loop1" }), around],
    ["a break to a label that is not around it", withNode({ kind: "break", id: "b", label: "later" }), around],
    ["a continue where there is no loop", withNode({ kind: "continue", id: "c" }), around],
    [
      "a continue of a block",
      withNode({ kind: "block", id: "b", label: "back", nodes: [{ kind: "continue", id: "c", label: "back" }] }),
      around,
    ],
    [
      "a continue of the loop around a function",
      withNode({
        kind: "loop",
        id: "l",
        label: "back",
        form: "while",
        nodes: [
          {
            kind: "function",
            id: "f",
            variable: "f",
            function: {
              id: "f",
              name: "f",
              async: false,
              params: [],
              nodes: [{ kind: "continue", id: "c", label: "back" }],
            },
          },
        ],
      }),
      around,
    ],
    ["a node that names the one after it", changed((p) => (p.graph.body.nodes[0].next = "a")), "Unrecognized key"],
    [
      "nodes by name",
      changed((p) => (p.graph.body.nodes = { a: { after: ["b"] }, b: { after: ["a"] } })),
      "nodes: Invalid input",
    ],
    [
      "edges beside the nodes",
      changed(
        (p) =>
          (p.graph.edges = [
            ["a", "b"],
            ["b", "a"],
          ]),
      ),
      "Unrecognized key",
    ],
    [
      "a join of several threads into one node",
      withNode({ kind: "join", id: "j", of: ["a", "b"] }),
      "kind: Invalid discriminator value",
    ],
  ])("%s", (_, text, sentence) => {
    expect(() => takeIn(text)).toThrow(PipelineError);
    expect(() => takeIn(text)).toThrow(sentence);
  });
});
