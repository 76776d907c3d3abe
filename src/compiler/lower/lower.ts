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
  body: ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration | ts.MethodDeclaration,
  context: LowerContext,
): Graph {
  const module = new Module();
  const shared = new Shared(context, {
    statement,
    expression,
    module: module.variable.bind(module),
    member: module.member.bind(module),
  });
  if (!isAsync(body)) shared.report(shared.problems.notAsync, body);
  // The method `run` of a class is to the graph what an arrow function is.
  const isMethod = ts.isMethodDeclaration(body);
  const id = (isMethod ? undefined : body.name?.text) ?? "body";
  const graph: Graph = {
    order: "sequence",
    module: [],
    body: { ...closure(body, id, new Region(shared, body.getSourceFile())), ...(isMethod && { name: "" }) },
  };
  graph.module = module.nodes;
  addDataEdges(graph, shared.primitives);
  return graph;
}
