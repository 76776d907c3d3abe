/** Optional chains: how far a `?.` reaches. */
import type { Expression } from "../../../model/expression.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { apply } from "./apply.ts";
import { member } from "./member.ts";
import { short } from "./short.ts";

export function chain(expression: Extract<Expression, { kind: "chain" }>, names: Names, compile: Compile): Evaluate {
  const value = link(expression.of, names, compile);
  return (scope) => {
    const reached = value(scope);
    return reached === short ? undefined : reached;
  };
}

/** A link of a chain, or where it starts. */
export function link(expression: Expression, names: Names, compile: Compile): Evaluate {
  if (isLink(expression))
    return expression.kind === "member" ? member(expression, names, compile) : apply(expression, names, compile);
  return compile.expression(expression, names);
}

/** A member or a call that is no part of a chain: there is no `?.` in it. */
export function unchained<L extends Link>(
  compiled: (link: L, names: Names, compile: Compile) => Evaluate,
): typeof compiled {
  return (expression, names, compile) => {
    for (let at: Expression = expression; isLink(at); at = at.kind === "member" ? at.of : at.callee)
      if (at.optional) throw new PipelineError("the graph has an optional access that no chain ends");
    return compiled(expression, names, compile);
  };
}

type Link = Extract<Expression, { kind: "member" | "apply" }>;

const isLink = (expression: Expression): expression is Link =>
  expression !== null &&
  typeof expression === "object" &&
  (expression.kind === "member" || expression.kind === "apply");
