/** The definition of a pipeline that a program has put together: its own graph, with templates for its steps. */
import { ts } from "ts-morph";
import type { Expression, Pattern, PatternItem } from "../../model/expression.ts";
import type { Json } from "../../model/json.ts";
import type { Node } from "../../model/node.ts";
import type { Definition } from "../../model/pipeline.ts";
import type { JsonSchema } from "../../model/template.ts";
import { checkClass } from "../class-rules.ts";
import { memberOf } from "../classes.ts";
import type { Context } from "../context.ts";
import type { Loaded } from "../load.ts";
import { readOptions } from "../options.ts";
import { placeOf, relativePath } from "../problem.ts";
import { rules } from "../rules.ts";
import { schemaOf } from "../schema/schema.ts";
import type { Maker, Steps } from "../steps.ts";
import { type Declarer, execute, type Together } from "./execute.ts";
import type { FoundGraph } from "./find.ts";
import type { Executed } from "./protocol.ts";
import { isGraph, resultType } from "./types.ts";

/** What the graph calls counts as used in `steps`. `undefined` after a problem. */
export async function defineGraph(
  found: FoundGraph,
  steps: Steps,
  loaded: Loaded,
  context: Context,
): Promise<Definition | undefined> {
  const together = await execute(found, loaded, context);
  const templates = together && templatesOf(together, found, steps, context);
  if (together === undefined || templates === undefined) return undefined;
  const { options, params, schema, nodes } = together.executed;
  const { name, ...own } = options;
  const sources = Object.entries(own).map(([option, value]) => ({
    name: option,
    node: found.graph,
    known: { value },
  }));
  const result = resultSchema(`the result of the pipeline "${name}"`, loaded, context);
  return {
    name,
    options: readOptions(sources, { kind: "pipeline", what: `the pipeline "${name}"` }, context),
    at: placeOf(context.root, found.graph),
    ...(schema !== undefined && { params: schema }),
    ...(result !== undefined && { result }),
    graph: {
      order: "data",
      module: [],
      body: {
        id: "body",
        name: "",
        async: true,
        params: params.length === 0 ? [] : [parameter(params, schema)],
        nodes: nodes.map((node) => placed(node, templates, context.root)),
      },
    },
  };
}

/** The names of the templates, in the order of the callees. */
function templatesOf(
  { executed, declarers }: Together,
  found: FoundGraph,
  steps: Steps,
  context: Context,
): string[] | undefined {
  const names = executed.callees.map(({ mark, name = "a step", method, options }) => {
    const declarer = mark === undefined ? undefined : declarers[mark];
    const maker = declarer && makerOf(declarer, method, context);
    if (maker === undefined) context.problems.report(rules.graphStep, found.graph, { name });
    if (maker?.owner) checkClass(maker.owner, `the step "${name}"`, context);
    return maker && steps.executed(maker, options);
  });
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** The call itself, or the decorator of the method, or of the class where that is a pipeline. */
function makerOf(declarer: Declarer, method: string | undefined, { dsl, checker }: Context): Maker | undefined {
  if (ts.isCallExpression(declarer)) return { at: declarer };
  if (method === undefined) {
    const pipeline = dsl.decoratedClass(declarer);
    return pipeline && { at: pipeline.call };
  }
  const member = memberOf(declarer, method, checker)?.declaration;
  const step = member && ts.isMethodDeclaration(member) ? dsl.decoratedMethod(member, declarer) : undefined;
  return step && { at: step.call, owner: declarer };
}

/** The node and those within it, with the names of their templates and places relative to the project's folder. */
function placed(node: Node, templates: string[], root: string): Node {
  const { at, ...rest } = node;
  const [, file, place] = /^(.*)(:\d+:\d+)$/s.exec(at ?? "") ?? [];
  const own = { ...rest, ...(file !== undefined && { at: `${relativePath(root, file)}${place}` }) } as Node;
  const inner = (nodes: Node[]) => nodes.map((each) => placed(each, templates, root));
  switch (own.kind) {
    case "call":
      return { ...own, template: templates[Number(own.template)]! };
    case "branch": {
      const { cases, otherwise } = own;
      return {
        ...own,
        cases: cases.map((one) => ({ ...one, nodes: inner(one.nodes) })),
        ...(otherwise && { otherwise: { ...otherwise, nodes: inner(otherwise.nodes) } }),
      };
    }
    case "loop":
      return { ...own, nodes: inner(own.nodes) };
    case "try": {
      const { nodes, catch: handler } = own;
      return { ...own, nodes: inner(nodes), ...(handler && { catch: { ...handler, nodes: inner(handler.nodes) } }) };
    }
    case "each":
      return { ...own, function: { ...own.function, nodes: inner(own.function.nodes) } };
    default:
      return own;
  }
}

/** The one object that the body takes, taken apart. */
function parameter(params: Executed["params"], schema: JsonSchema | undefined): PatternItem {
  const { properties = {} } = (schema ?? {}) as { properties?: Record<string, JsonSchema> };
  const entries = params.map(({ name, variable }) => {
    const property = properties[name];
    const hasDefault = typeof property === "object" && property.default !== undefined;
    const target: Pattern = { kind: "variable", name: variable };
    return { key: name, target, ...(hasDefault && { default: literal(property.default!) }) };
  });
  return { target: { kind: "object", entries } };
}

function literal(json: Json): Expression {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return { kind: "array", items: json.map(literal) };
  return { kind: "object", entries: Object.entries(json).map(([key, value]) => ({ key, value: literal(value) })) };
}

/** By the type of what `g.returns(…)` is given, where the program says it in one place. */
function resultSchema(what: string, { owned }: Loaded, context: Context): JsonSchema | undefined {
  const calls = owned.flatMap((source) => returning(source, context));
  const [call] = calls;
  const { checker } = context;
  const type = call && checker.getResolvedSignature(call)?.getReturnType();
  const result = type && resultType(type, checker);
  if (calls.length !== 1 || call === undefined || result === undefined) return undefined;
  return schemaOf(result, { context, node: call.arguments[0] ?? call, what });
}

function returning(source: ts.SourceFile, { checker, dsl }: Context): ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      if (name.text === "returns" && isGraph(checker.getTypeAtLocation(expression), dsl)) found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  if (source.text.includes("returns")) visit(source);
  return found;
}
