/** Binary operators: the language's own, on the values themselves. */
import type { BinaryOperator, Expression } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { isClass } from "./global.ts";

export function binary(
  { op, left, right }: Extract<Expression, { kind: "binary" }>,
  names: Names,
  compile: Compile,
): Evaluate {
  const first = compile.expression(left, names);
  const second = compile.expression(right, names);
  const operate = operators[op];
  return (scope) => operate(first(scope), second(scope));
}

// biome-ignore lint/suspicious/noExplicitAny: any value may stand beside any operator
type Operator = (left: any, right: any) => unknown;

export const operators: Record<BinaryOperator, Operator> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "**": (left, right) => left ** right,
  "&": (left, right) => left & right,
  "|": (left, right) => left | right,
  "^": (left, right) => left ^ right,
  "<<": (left, right) => left << right,
  ">>": (left, right) => left >> right,
  ">>>": (left, right) => left >>> right,
  // biome-ignore lint/suspicious/noDoubleEquals: it is what the author wrote
  "==": (left, right) => left == right,
  // biome-ignore lint/suspicious/noDoubleEquals: it is what the author wrote
  "!=": (left, right) => left != right,
  "===": (left, right) => left === right,
  "!==": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
  in: (left, right) => left in right,
  instanceof: isInstance,
};

function isInstance(value: unknown, Class: unknown): boolean {
  if (!isClass(Class)) throw new TypeError("the right-hand side of instanceof is not a built-in class");
  return value instanceof (Class as new () => unknown);
}
