/** Binary operators: the language's own, on the values themselves. */
import type { BinaryOperator, Expression } from "../../../model/expression.ts";
import { isOfClass } from "../../../model/failure.ts";
import { capped } from "../bounds/caps.ts";
import { burnOperation } from "../bounds/operation.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { ErrorClass } from "./class.ts";
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

const natives: Record<BinaryOperator, Operator> = {
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

/** What they compute burns, where it is more than an instant. */
export const operators = Object.fromEntries(
  Object.entries(natives).map(([op, operate]) => [op, bounded(op as BinaryOperator, operate)]),
) as Record<BinaryOperator, Operator>;

function bounded(op: BinaryOperator, operate: Operator): Operator {
  return (left, right) => {
    if (typeof left === "number" && typeof right === "number") return operate(left, right);
    burnOperation(op, left, right);
    return capped(operate(left, right));
  };
}

function isInstance(value: unknown, Class: unknown): boolean {
  if (Class instanceof ErrorClass) return isOfClass(value, Class.name);
  if (!isClass(Class)) throw new TypeError("the right-hand side of instanceof is not a built-in class");
  return value instanceof (Class as new () => unknown);
}
