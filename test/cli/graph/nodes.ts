/** Graphs made by hand and by chance. */
import fc from "fast-check";
import { bundleHash } from "../../../src/model/bundle.ts";
import type { Expression } from "../../../src/model/expression.ts";
import type { Closure, Node } from "../../../src/model/node.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import type { Template } from "../../../src/model/template.ts";

export const v = (name: string) => ({ kind: "variable", name }) as const;
export const less = (left: Expression, right: Expression): Expression => ({ kind: "binary", op: "<", left, right });

export const call = (id: string, template: string, ...reads: string[]): Node => ({
  kind: "call",
  id,
  template,
  args: [{ kind: "array", items: reads.map((name) => v(`${name}$p`)) }],
  into: `${id}$p`,
  at: "src/pipeline.ts:14:5",
});
export const wait = (id: string): Node => ({
  kind: "await",
  id: `await ${id}`,
  value: v(`${id}$p`),
  target: v(`${id}$p`),
});

export const closure = (id: string, nodes: Node[], params: string[] = []): Closure => ({
  id,
  name: id,
  async: true,
  params: params.map((name) => ({ target: v(name) })),
  nodes,
});

export const pipelineOf = (nodes: Node[], params: string[] = []): Pipeline => ({
  format: 1,
  name: "test",
  options: { type: "controller", queue: "services" },
  ...(params.length > 0 && {
    params: { type: "object", properties: Object.fromEntries(params.map((name) => [name, {}])) },
  }),
  templates: {},
  graph: {
    order: "sequence",
    module: [],
    body: closure(
      "body",
      nodes,
      params.map((name) => `${name}$p`),
    ),
  },
  bundles: {},
});

/** With code for its steps, as the door from JSON asks. */
export function complete(pipeline: Pipeline, steps: string[]): Pipeline {
  const bundle = { code: "export const step = async () => {};\n" };
  const template: Template = {
    kind: "code",
    bundle: bundleHash(bundle),
    export: "step",
    options: { type: "training", queue: "default" },
  };
  return {
    ...pipeline,
    templates: Object.fromEntries(steps.map((name) => [name, template])),
    bundles: { [bundleHash(bundle)]: bundle },
  };
}

/** What a tree of choices becomes: calls that read earlier ones, in all kinds of regions. */
type Choice = { kind: number; reads: number[]; name: string; inner: Choice[]; other: Choice[]; await: boolean };

/** Regions nest so deep. */
const deepest = 3;

const choicesIn = (depth: number): fc.Arbitrary<Choice[]> => {
  const inner: fc.Arbitrary<Choice[]> = depth === deepest ? fc.constant([]) : choicesIn(depth + 1);
  return fc.array(
    fc.record({
      kind: fc.nat(13),
      reads: fc.array(fc.nat(20), { maxLength: 3 }),
      name: fc.oneof(fc.stringMatching(/^[a-z]{1,12}$/), fc.string({ maxLength: 60, unit: "grapheme" })),
      inner,
      other: inner,
      await: fc.boolean(),
    }),
    { maxLength: depth === 0 ? 6 : 3 },
  );
};

export const pipelines: fc.Arbitrary<Pipeline> = choicesIn(0).map((list) => {
  const made: string[] = ["a"];
  let count = 0;
  return pipelineOf(nodesOf(list), ["a"]);

  function nodesOf(all: Choice[]): Node[] {
    return all.flatMap((choice) => nodeOf(choice));
  }

  function nodeOf({ kind, reads, name, inner, other, await: awaited }: Choice): Node[] {
    count += 1;
    const id = `n${count}`;
    const read = reads.map((n) => made[n % made.length]!);
    const first = v(`${read[0] ?? "a"}$p`);
    switch (kind) {
      case 0:
        return [
          {
            kind: "branch",
            id,
            cases: [{ when: less(first, name), nodes: nodesOf(inner) }],
            otherwise: { nodes: nodesOf(other) },
          },
        ];
      case 1:
        return [
          { kind: "loop", id, form: "while", test: { nodes: [], value: less(first, name) }, nodes: nodesOf(inner) },
        ];
      case 2:
        return [{ kind: "loop", id, form: "do", test: { nodes: nodesOf(other), value: first }, nodes: nodesOf(inner) }];
      case 3:
        return [
          {
            kind: "each",
            id,
            of: first,
            method: "map",
            function: closure(id, nodesOf(inner), ["item"]),
            args: [],
            into: `${id}$p`,
          },
        ];
      case 4:
        return [{ kind: "try", id, nodes: nodesOf(inner), catch: { nodes: nodesOf(other) } }];
      case 5:
        return [{ kind: "throw", id, value: name }];
      case 6:
        return [{ kind: "signal", id, name, into: `${id}$p` }];
      case 7: {
        const function_ = closure(id, nodesOf(inner), ["x"]);
        return [
          { kind: "function", id, variable: `f${id}`, function: function_ },
          { kind: "call", id: `${id}c`, fn: v(`f${id}`), args: [first], into: `${id}$p` },
        ];
      }
      default:
        made.push(id);
        return [call(id, name || "step", ...read), ...(awaited ? [wait(id)] : [])];
    }
  }
});
