/** Operators on references: what TypeScript's own do, as part of the graph. Each takes references and plain values alike. */
import type { BinaryOperator, Expression, LogicalOperator } from "../../model/expression.ts";
import { expressionOf } from "./expression.ts";
import { type Given, type Ref, type Reference, refer, referredBy, type Value } from "./reference.ts";

type Ordered = number | bigint | string | Date;
type Operand = Reference<Ordered> | Ordered;
type Numeric = Given<number>;
/** Of texts and numbers together comes a text. */
type Sum<A, B> = Value<A> extends number ? (Value<B> extends number ? number : string) : string;

/** `left < right` */
export const lt = (left: Operand, right: Operand): Ref<boolean> => binary("<", left, right);
/** `left <= right` */
export const lte = (left: Operand, right: Operand): Ref<boolean> => binary("<=", left, right);
/** `left > right` */
export const gt = (left: Operand, right: Operand): Ref<boolean> => binary(">", left, right);
/** `left >= right` */
export const gte = (left: Operand, right: Operand): Ref<boolean> => binary(">=", left, right);
/** `left === right` */
export const eq = (left: unknown, right: unknown): Ref<boolean> => binary("===", left, right);
/** `left !== right` */
export const ne = (left: unknown, right: unknown): Ref<boolean> => binary("!==", left, right);

/** `left + right`, of numbers and texts. */
export const add = <A extends Given<number | string>, B extends Given<number | string>>(
  left: A,
  right: B,
): Ref<Sum<A, B>> => binary("+", left, right);
/** `left - right` */
export const sub = (left: Numeric, right: Numeric): Ref<number> => binary("-", left, right);
/** `left * right` */
export const mul = (left: Numeric, right: Numeric): Ref<number> => binary("*", left, right);
/** `left / right` */
export const div = (left: Numeric, right: Numeric): Ref<number> => binary("/", left, right);
/** `left % right` */
export const mod = (left: Numeric, right: Numeric): Ref<number> => binary("%", left, right);

/** `a && b && …` */
export const and = (first: Given<boolean>, ...more: Given<boolean>[]): Ref<boolean> => logical("&&", first, more);
/** `a || b || …` */
export const or = (first: Given<boolean>, ...more: Given<boolean>[]): Ref<boolean> => logical("||", first, more);
/** `!of` */
export const not = (of: Given<boolean>): Ref<boolean> =>
  refer({ kind: "unary", op: "!", of: operand(of) }, `!${textOf(of)}`);

/** `test ? then : otherwise`, of values that are there either way; what is to run only in one case is a branch. */
export function cond<Then, Else>(test: Given<boolean>, then: Then, otherwise: Else): Ref<Value<Then> | Value<Else>> {
  return refer(
    { kind: "conditional", test: operand(test), then: operand(then), else: operand(otherwise) },
    `${textOf(test)} ? ${textOf(then)} : ${textOf(otherwise)}`,
  );
}

/** `of ?? otherwise` */
export function fallback<Of, Else>(of: Of, otherwise: Else): Ref<NonNullable<Value<Of>> | Value<Else>> {
  return logical("??", of, [otherwise]);
}

/** A text with references in it: text`run ${name}, turn ${turns}`. */
export function text(strings: TemplateStringsArray, ...values: Given<Ordered | boolean>[]): Ref<string> {
  const expression: Expression = { kind: "template", strings: [...strings], values: values.map(operand) };
  return refer(expression, "a text");
}

function binary<T>(op: BinaryOperator, left: unknown, right: unknown): Ref<T> {
  return refer<T>(
    { kind: "binary", op, left: operand(left), right: operand(right) },
    `${textOf(left)} ${op} ${textOf(right)}`,
  );
}

function logical<T>(op: LogicalOperator, first: unknown, more: readonly unknown[]): Ref<T> {
  const expression = more.reduce<Expression>(
    (left, right) => ({ kind: "logical", op, left, right: operand(right) }),
    operand(first),
  );
  return refer<T>(expression, [first, ...more].map(textOf).join(` ${op} `));
}

const operand = (value: unknown): Expression => expressionOf(value, "an operand");

const textOf = (value: unknown): string => referredBy(value)?.text ?? (typeof value === "object" ? "…" : String(value));
