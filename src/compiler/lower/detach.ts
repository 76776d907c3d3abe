/** Detach: `detach(notify({ model }))`, a call that goes on without the body. */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import { stepCall } from "./call.ts";
import type { Region } from "./region.ts";
import { unwrap } from "./syntax.ts";

export function detach(node: ts.CallExpression, region: Region): Expression {
  const { shared } = region;
  const [given, ...more] = node.arguments;
  const call = given && unwrap(given);
  const template =
    call && ts.isCallExpression(call) && more.length === 0 ? shared.context.stepOf(unwrap(call.expression)) : undefined;
  if (template === undefined)
    return region.report(shared.problems.noStepHere, given ?? node, {
      what: "`detach` takes the call of a step",
      example: "detach(notify({ model }))",
    });
  return stepCall(call as ts.CallExpression, template, region, undefined, { as: "detached" });
}
