/** `&&`, `||` and `??`. */
import type { Expression, LogicalOperator } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";

export function logical(
  { op, left, right }: Extract<Expression, { kind: "logical" }>,
  names: Names,
  compile: Compile,
): Evaluate {
  const first = compile.expression(left, names);
  const second = compile.expression(right, names);
  return (scope) => {
    const value = first(scope);
    return isDecided(op, value) ? value : second(scope);
  };
}

/** Is the right operand not looked at? */
export function isDecided(op: LogicalOperator, left: unknown): boolean {
  if (op === "??") return left !== null && left !== undefined;
  return op === "&&" ? !left : !!left;
}
