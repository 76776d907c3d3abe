/** Timer: `sleep("10m")` and `sleepUntil(date)`, waits that begin where they are called. */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import type { Region } from "./region.ts";

/** `name` is what `reprise` calls it. */
export function timer(node: ts.CallExpression, region: Region, hint: string | undefined, name: string): Expression {
  const { shared } = region;
  const [given, ...more] = node.arguments;
  if (given === undefined || more.length > 0 || ts.isSpreadElement(given) || node.questionDotToken)
    return region.report(shared.problems.waitArguments, node, {
      what: name === "sleep" ? "`sleep` takes one duration" : "`sleepUntil` takes one Date",
      example: name === "sleep" ? 'sleep("10m")' : "sleepUntil(date)",
    });
  const value = region.expression(given);
  const id = region.ids.named(hint ?? name);
  const into = shared.names.fresh(`$${id}`);
  region.emit(node, { kind: "timer", id, ...(name === "sleep" ? { after: value } : { until: value }), into });
  return { kind: "variable", name: into };
}
