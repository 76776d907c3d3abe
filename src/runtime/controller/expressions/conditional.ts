/** `test ? then : else`. */
import type { Expression } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";

export function conditional(
  expression: Extract<Expression, { kind: "conditional" }>,
  names: Names,
  compile: Compile,
): Evaluate {
  const test = compile.expression(expression.test, names);
  const then = compile.expression(expression.then, names);
  const otherwise = compile.expression(expression.else, names);
  return (scope) => (test(scope) ? then(scope) : otherwise(scope));
}
