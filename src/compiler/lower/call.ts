/** Calls of steps, and of local functions that start steps: a node each, so that they are seen, and named by what their result is stored in. */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import { args as argumentsOf } from "./arguments.ts";
import type { Region } from "./region.ts";
import { unwrap } from "./syntax.ts";

/** `args` are the step's own, where the call has others. */
export function stepCall(
  node: ts.CallExpression,
  template: string,
  region: Region,
  hint?: string,
  { args = node.arguments, as }: { args?: readonly ts.Expression[]; as?: "handle" | "detached" } = {},
): Expression {
  const { shared } = region;
  if (args.length > 1 || args.some(ts.isSpreadElement) || node.questionDotToken)
    return region.report(shared.problems.stepArguments, node, { step: template });
  const values = region.operands(args);
  const id = region.ids.named(hint ?? template);
  const into = shared.names.fresh(`$${id}`);
  region.emit(node, { kind: "call", id, template, args: values, ...(as && { as }), into });
  return { kind: "variable", name: into };
}

export function starterCall(node: ts.CallExpression, region: Region, hint?: string): Expression {
  const { shared } = region;
  const callee = unwrap(node.expression) as ts.Identifier | ts.PropertyAccessExpression;
  const name = ts.isIdentifier(callee) ? callee : callee.name;
  const lifted = node.arguments.some((argument) => shared.lifts.has(argument));
  const fn = lifted ? region.keep(region.expression(callee), callee) : region.expression(callee);
  const spread = node.arguments.some(ts.isSpreadElement);
  const values = argumentsOf(node.arguments, region);
  if (spread) return { kind: "apply", callee: fn, args: values };
  const id = region.ids.named(hint ?? name.text);
  const into = shared.names.fresh(`$${id}`);
  region.emit(node, { kind: "call", id, fn, args: values as Expression[], into });
  return { kind: "variable", name: into };
}
