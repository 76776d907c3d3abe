/** Small pipelines by hand: a module of steps, and a body of nodes. */
import type { Bundle } from "../../../src/model/bundle.ts";
import { bundleHash } from "../../../src/model/bundle.ts";
import type { Argument, Entry, Expression, Pattern } from "../../../src/model/expression.ts";
import type { Node } from "../../../src/model/node.ts";
import { taskOptions } from "../../../src/model/options.ts";
import { formatVersion, type Pipeline } from "../../../src/model/pipeline.ts";
import type { JsonSchema } from "../../../src/model/template.ts";

/** `steps`: name → source of an async function. `body`: the nodes, given its params in the variable `params`. */
export function pipelineOf(
  steps: Record<string, string>,
  body: Node[],
  { name = "by hand", params, retry }: { name?: string; params?: JsonSchema; retry?: number } = {},
): Pipeline {
  const code = Object.entries(steps).map(([step, source]) => `export const ${step} = ${source};\n`);
  const bundle: Bundle = { code: code.join("") };
  const hash = bundleHash(bundle);
  const options = taskOptions(retry === undefined ? {} : { retry }, "step");
  return {
    format: formatVersion,
    name,
    options: taskOptions({}, "pipeline"),
    ...(params !== undefined && { params }),
    templates: Object.fromEntries(
      Object.keys(steps).map((step) => [step, { kind: "code", bundle: hash, export: step, options }]),
    ),
    graph: {
      order: "sequence",
      module: [],
      body: { id: "body", name: "body", async: true, params: [{ target: variable("params") as Pattern }], nodes: body },
    },
    bundles: { [hash]: bundle },
  };
}

export const variable = (name: string) => ({ kind: "variable", name }) as const;
export const member = (of: Expression, key: string): Expression => ({ kind: "member", of, key });
export const object = (fields: Record<string, Expression>): Expression => ({
  kind: "object",
  entries: Object.entries(fields).map(([key, value]): Entry => ({ key, value })),
});
export const array = (...items: Expression[]): Expression => ({ kind: "array", items });
export const binary = (left: Expression, op: "+" | "<" | ">=" | "===", right: Expression): Expression => ({
  kind: "binary",
  op,
  left,
  right,
});
export const apply = (of: Expression, method: string, ...args: Argument[]): Expression => ({
  kind: "apply",
  callee: member(of, method),
  args,
});
export const promises = (method: string, ...items: Expression[]): Expression =>
  apply({ kind: "global", name: "Promise" }, method, array(...items));

/** `const <into> = <template>(<input>)`: the promise. */
export const call = (template: string, input: Expression | undefined, into: string, id = template): Node => ({
  kind: "call",
  id,
  template,
  args: input === undefined ? [] : [input],
  into,
});
/** `const <name> = await <value>`. */
export const wait = (value: Expression, name?: string): Node => ({
  kind: "await",
  id: `await-${name ?? ""}`,
  value,
  ...(name !== undefined && { declare: "const", target: variable(name) }),
});
export const declare = (name: string, value: Expression, how: "const" | "let" = "const"): Node => ({
  kind: "let",
  id: `let-${name}`,
  declare: how,
  target: variable(name),
  value,
});
export const assign = (name: string, value: Expression): Node => ({
  kind: "let",
  id: `set-${name}`,
  value: { kind: "assign", target: variable(name), value },
});
export const returns = (value: Expression): Node => ({ kind: "return", id: "return", value });
/** `while (<test>) { … }`. */
export const loop = (id: string, test: Expression, nodes: Node[]): Node => ({
  kind: "loop",
  id,
  form: "while",
  test: { nodes: [], value: test },
  nodes,
});
