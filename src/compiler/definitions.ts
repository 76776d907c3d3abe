/** Definitions: the pipeline that is compiled, and those that it calls, at any depth, each once. */
import type { ts } from "ts-morph";
import type { Definition, Graph } from "../model/pipeline.ts";
import { inputSchema, outputSchema, overshadowWrapper } from "./boundary.ts";
import { checkClass } from "./class-rules.ts";
import type { Context } from "./context.ts";
import { defineGraph } from "./graph/define.ts";
import type { FoundGraph } from "./graph/find.ts";
import type { Loaded } from "./load.ts";
import { lower } from "./lower/lower.ts";
import { checkNesting } from "./nesting.ts";
import { readOptions } from "./options.ts";
import { type FoundPipeline, pipelineOf } from "./pipelines.ts";
import { placeOf } from "./problem.ts";
import { rules } from "./rules.ts";
import { schemaOf } from "./schema/schema.ts";
import { bodyOf, signatureOf } from "./signature.ts";
import type { Steps } from "./steps.ts";

/** `key`: the name that it has in the JSON, its own unless another one of the JSON has that. */
export type Defined = { key: string; definition: Definition };

/** By the call or the decorator that declares it, or where a program puts it together, the compiled pipeline first, then in the order in which they are called first. */
export type Definitions = Map<ts.Node, Defined>;

/** What the bodies call counts as used in `steps`. `undefined` after a problem that leaves one of them without a body. */
export async function definePipelines(
  root: FoundPipeline | FoundGraph,
  steps: Steps,
  loaded: Loaded,
  context: Context,
): Promise<Definitions | undefined> {
  const definitions: Definitions = new Map();
  if (!("graph" in root)) return defineAll([root], definitions, steps, context);
  const definition = await defineGraph(root, steps, loaded, context);
  if (definition === undefined) return undefined;
  definitions.set(root.graph, { key: definition.name, definition });
  return defineAll(calledBy(steps, context), definitions, steps, context);
}

const calledBy = ({ used }: Steps, context: Context): FoundPipeline[] =>
  used.filter(({ declared }) => declared.kind === "pipeline").map(({ declared }) => pipelineOf(declared, context));

/** Those, and whatever they call. */
function defineAll(
  roots: FoundPipeline[],
  definitions: Definitions,
  steps: Steps,
  context: Context,
): Definitions | undefined {
  const pending = new Map(roots.map((root) => [root.declared.call, root]));
  let areWhole = true;
  for (const [call, found] of pending) {
    const body = found.declared.fn && bodyOf(found.declared.fn, context.checker);
    if (body) checkNesting(body, context.problems);
    const header = headerOf(found, context);
    const graph = lowerBody(found, steps, context);
    if (graph) definitions.set(call, { key: freeName(found.name, definitions), definition: { ...header, graph } });
    else areWhole = false;
    // The map grows under the loop, which goes on to what was added.
    for (const called of calledBy(steps, context))
      if (!pending.has(called.declared.call)) pending.set(called.declared.call, called);
  }
  return areWhole ? definitions : undefined;
}

/** `prepare`, then `prepare$2` … */
function freeName(name: string, definitions: Definitions): string {
  const taken = new Set([...definitions.values()].map(({ key }) => key));
  let key = name;
  for (let n = 2; taken.has(key); n++) key = `${name}$${n}`;
  return key;
}

function headerOf({ name, declared, options }: FoundPipeline, context: Context): Omit<Definition, "graph"> {
  const what = `the pipeline "${name}"`;
  if (declared.owner) checkClass(declared.owner, what, context);
  const taskOptions = readOptions(options, { kind: "pipeline", what }, context);
  const signature = signatureOf(declared, what, context);
  const params = inputSchema(signature, `the params of ${what}`, context);
  const result = outputSchema(signature, `the result of ${what}`, context);
  overshadowWrapper(declared, context);
  return {
    name,
    options: taskOptions,
    at: placeOf(context.root, declared.call),
    ...(params !== undefined && { params }),
    ...(result !== undefined && { result }),
  };
}

/** `undefined` after a problem. */
function lowerBody({ name, declared }: FoundPipeline, steps: Steps, context: Context): Graph | undefined {
  const { checker, problems, dsl, root } = context;
  const body = declared.fn && bodyOf(declared.fn, checker);
  if (declared.fn && body === undefined)
    problems.report(rules.bodyOutOfSight, declared.fn, { what: `the pipeline "${name}"` });
  if (body === undefined) return undefined;
  return lower(body, {
    checker,
    problems,
    place: (node: ts.Node) => placeOf(root, node),
    stepOf: (callee: ts.Expression) => steps.of(callee, declared.owner),
    ...(declared.owner && { owner: declared.owner }),
    isDsl: (callee: ts.Expression) => dsl.nameOf(callee),
    schemaOf: (type: ts.Type, node: ts.Node, what: string) => schemaOf(type, { context, node, what }),
  });
}
