/** Await: the one thing that holds what follows. */
import type { ts } from "ts-morph";
import type { Expression, Pattern } from "../../model/expression.ts";
import type { Declare } from "../../model/node.ts";
import type { Region } from "./region.ts";
import { isAsync, textOf } from "./syntax.ts";

/** Where the value goes; without it, nowhere. `text`: the source text that a temporary stands for. */
export type Into = { declare?: Declare; target: Pattern; text?: string };

export function awaitExpression(node: ts.AwaitExpression, region: Region, hint?: string): Expression {
  const name = region.shared.names.temporary();
  awaitInto(node, region, { declare: "const", target: { kind: "variable", name }, text: textOf(node) }, hint);
  return { kind: "variable", name };
}

export function awaitInto(node: ts.AwaitExpression, region: Region, into?: Into, hint?: string): void {
  if (!isAsync(region.owner)) region.report(region.shared.problems.awaitOutside, node);
  const value = region.expression(node.expression, hint);
  region.emit(node, { kind: "await", id: region.ids.counted("await"), value, ...into });
}
