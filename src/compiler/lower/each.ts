/** Each: a built-in, such as `map`, called with a function that starts steps. */
import type { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import { closure, stepClosure } from "./function.ts";
import { checkMember } from "./member.ts";
import type { Region } from "./region.ts";
import { isFunctionValue, unwrap } from "./syntax.ts";

export function each(node: ts.CallExpression, region: Region, hint?: string): Expression {
  const { shared } = region;
  const callee = node.expression as ts.PropertyAccessExpression;
  const [fn, ...rest] = node.arguments as readonly ts.Expression[] as [ts.Expression, ...ts.Expression[]];
  const [of = null, ...args] = region.operands([callee.expression, ...rest]);
  checkMember(callee, of, region);
  const id = region.ids.named(hint ?? callee.name.text);
  const value = unwrap(fn);
  const body = isFunctionValue(value)
    ? closure(value, id, region)
    : stepClosure(value, shared.context.stepOf(value) as string, id, region);
  const into = shared.names.fresh(`$${id}`);
  region.emit(node, { kind: "each", id, of, method: callee.name.text, function: body, args, into });
  return { kind: "variable", name: into };
}
