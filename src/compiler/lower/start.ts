/** Start: `start(fit, { rows })`, a call whose step the body holds by a handle. */
import type { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import { stepCall } from "./call.ts";
import type { Region } from "./region.ts";

export function start(node: ts.CallExpression, region: Region, hint?: string): Expression {
  const { shared } = region;
  const [step, ...args] = node.arguments;
  const template = step && shared.context.stepOf(step);
  if (template === undefined)
    return region.report(shared.problems.noStepHere, step ?? node, {
      what: "`start` takes a step, then its input",
      example: "start(fit, { rows })",
    });
  return stepCall(node, template, region, hint, { args, as: "handle" });
}
