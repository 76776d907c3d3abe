/** The body of a pipeline → its graph. */
import { ts } from "ts-morph";
import type { Graph } from "../../model/pipeline.ts";
import { addDataEdges } from "./dataflow.ts";
import { expression } from "./expression.ts";
import { closure } from "./function.ts";
import { Module } from "./module.ts";
import { Region } from "./region.ts";
import { type LowerContext, Shared } from "./shared.ts";
import { statement } from "./statement.ts";
import { isAsync } from "./syntax.ts";

export type { LowerContext } from "./shared.ts";

/**
 * Lowers the body and whatever of its module it uses. Everything that cannot be lowered is reported as a problem; then the graph is
 * incomplete, and not to be used.
 */
export function lower(
  body: ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration,
  context: LowerContext,
): Graph {
  const module = new Module();
  const shared = new Shared(context, { statement, expression, module: module.variable.bind(module) });
  if (!isAsync(body)) shared.report(shared.problems.notAsync, body);
  const id = ts.isIdentifier(body.name ?? body) ? (body.name as ts.Identifier).text : "body";
  const graph: Graph = {
    order: "sequence",
    module: [],
    body: closure(body, id, new Region(shared, body.getSourceFile())),
  };
  graph.module = module.nodes;
  addDataEdges(graph, shared.primitives);
  return graph;
}
