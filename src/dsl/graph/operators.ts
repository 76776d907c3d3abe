/** Operators on references: what TypeScript's own do, as part of the graph. Each takes references and plain values alike. */
import type { BinaryOperator, Expression, LogicalOperator } from "../../model/expression.ts";
import type { Item } from "./each.ts";
import { expressionOf } from "./expression.ts";
import { type Given, type Ref, type Reference, refer, referredBy, type Value } from "./reference.ts";

type Ordered = number | bigint | string | Date;
type Operand = Reference<Ordered> | Ordered;
type Numeric = Given<number>;
/** Of texts and numbers together comes a text. */
type Sum<A, B> = Value<A> extends number ? (Value<B> extends number ? number : string) : string;

/**
 * `left < right`
 *
 * @example
 * const isPoor = lt(best.accuracy, 0.95);
 */
export const lt = (left: Operand, right: Operand): Ref<boolean> => binary("<", left, right);
/**
 * `left <= right`
 *
 * @example
 * const isShallow = lte(best.depth, 3);
 */
export const lte = (left: Operand, right: Operand): Ref<boolean> => binary("<=", left, right);
/**
 * `left > right`
 *
 * @example
 * const isDeep = gt(best.depth, 3);
 */
export const gt = (left: Operand, right: Operand): Ref<boolean> => binary(">", left, right);
/**
 * `left >= right`
 *
 * @example
 * const isGood = gte(best.accuracy, 0.95);
 */
export const gte = (left: Operand, right: Operand): Ref<boolean> => binary(">=", left, right);
/**
 * `left === right`
 *
 * @example
 * const isFirst = eq(best.depth, 1);
 */
export const eq = (left: unknown, right: unknown): Ref<boolean> => binary("===", left, right);
/**
 * `left !== right`
 *
 * @example
 * const isLater = ne(best.depth, 1);
 */
export const ne = (left: unknown, right: unknown): Ref<boolean> => binary("!==", left, right);

/**
 * `left + right`, of numbers and texts.
 *
 * @example
 * const deeper = add(best.depth, 1);
 */
export const add = <A extends Given<number | string>, B extends Given<number | string>>(
  left: A,
  right: B,
): Ref<Sum<A, B>> => binary("+", left, right);
/**
 * `left - right`
 *
 * @example
 * const missing = sub(1, best.accuracy);
 */
export const sub = (left: Numeric, right: Numeric): Ref<number> => binary("-", left, right);
/**
 * `left * right`
 *
 * @example
 * const percent = mul(best.accuracy, 100);
 */
export const mul = (left: Numeric, right: Numeric): Ref<number> => binary("*", left, right);
/**
 * `left / right`
 *
 * @example
 * const perLevel = div(best.accuracy, best.depth);
 */
export const div = (left: Numeric, right: Numeric): Ref<number> => binary("/", left, right);
/**
 * `left % right`
 *
 * @example
 * const isOdd = eq(mod(best.depth, 2), 1);
 */
export const mod = (left: Numeric, right: Numeric): Ref<number> => binary("%", left, right);
/**
 * `-of`
 *
 * @example
 * const loss = neg(best.accuracy);
 */
export const neg = (of: Numeric): Ref<number> => refer({ kind: "unary", op: "-", of: operand(of) }, `-${textOf(of)}`);

/**
 * `of[key]`, where the key is a reference too: an item of an array, or a field of an object. A key that is known is written as ever: `rows[0]`.
 *
 * @example
 * const chosen = at([0.7, 0.9], best.depth);
 */
export function at<Items extends Reference<readonly unknown[]> | readonly unknown[]>(
  of: Items,
  key: Given<number>,
): Ref<Item<Items>>;
/**
 * `of[key]`, a field of an object by a name that is a reference.
 *
 * @example
 * const words = at({ good: "publish", poor: "again" }, cond(gte(best.accuracy, 0.9), "good", "poor"));
 */
export function at<Of extends object>(
  of: Of,
  key: Given<string & keyof Value<Of>>,
): Ref<Value<Of>[string & keyof Value<Of>]>;
export function at(of: unknown, key: unknown): Ref<unknown> {
  return refer({ kind: "member", of: operand(of), key: operand(key) }, `${textOf(of)}[${textOf(key)}]`);
}

/**
 * `a && b && …`
 *
 * @example
 * const isFine = and(gte(best.accuracy, 0.9), lt(best.depth, 5));
 */
export const and = (first: Given<boolean>, ...more: Given<boolean>[]): Ref<boolean> => logical("&&", first, more);
/**
 * `a || b || …`
 *
 * @example
 * const isOver = or(gte(best.accuracy, 0.9), gt(best.depth, 5));
 */
export const or = (first: Given<boolean>, ...more: Given<boolean>[]): Ref<boolean> => logical("||", first, more);
/**
 * `!of`
 *
 * @example
 * const goesOn = not(gte(best.accuracy, 0.9));
 */
export const not = (of: Given<boolean>): Ref<boolean> =>
  refer({ kind: "unary", op: "!", of: operand(of) }, `!${textOf(of)}`);

/**
 * `test ? then : otherwise`, of values that are there either way; what is to run only in one case is a branch.
 *
 * @example
 * const word = cond(gte(best.accuracy, 0.9), "good", "poor");
 */
export function cond<Then, Else>(test: Given<boolean>, then: Then, otherwise: Else): Ref<Value<Then> | Value<Else>> {
  return refer(
    { kind: "conditional", test: operand(test), then: operand(then), else: operand(otherwise) },
    `${textOf(test)} ? ${textOf(then)} : ${textOf(otherwise)}`,
  );
}

/**
 * `of ?? otherwise`
 *
 * @example
 * const label = fallback(best.label, "none");
 */
export function fallback<Of, Else>(of: Of, otherwise: Else): Ref<NonNullable<Value<Of>> | Value<Else>> {
  return logical("??", of, [otherwise]);
}

/**
 * A text with references in it.
 *
 * @example
 * const title = text`depth ${best.depth}: ${best.accuracy}`;
 */
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
