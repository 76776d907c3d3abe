/** Unary operators; `delete` and `typeof` look at their operand before it is a value. */
import type { Expression, UnaryOperator } from "../../../model/expression.ts";
import { reads } from "../bounds/cost.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { deleteMember } from "./access.ts";
import { hasGlobal } from "./global.ts";
import { isShort } from "./member.ts";

type Unary = Extract<Expression, { kind: "unary" }>;

const operators = {
  "!": (of) => (scope) => !of(scope),
  "-": (of) => (scope) => -numeric(of(scope)),
  "+": (of) => (scope) => +numeric(of(scope)),
  "~": (of) => (scope) => ~numeric(of(scope)),
  typeof: (of) => (scope) => typeof of(scope),
  void: (of) => (scope) => void of(scope),
} satisfies Record<Exclude<UnaryOperator, "delete">, (of: Evaluate) => Evaluate>;

/** What becomes a number, or a bigint, as the operator takes it. */
function numeric(value: unknown): number {
  if (typeof value !== "number") reads(value, []);
  return value as number;
}

export function unary({ op, of }: Unary, names: Names, compile: Compile): Evaluate {
  if (op === "delete") return remove(of, names, compile);
  if (op === "typeof" && isUnknownGlobal(of)) return () => "undefined";
  return operators[op](compile.expression(of, names));
}

/** `delete a.b` and `delete a?.b`; of anything else it is true, once that is evaluated. */
function remove(operand: Expression, names: Names, compile: Compile): Evaluate {
  const target = isKind(operand, "chain") ? operand.of : operand;
  if (!isKind(target, "member")) {
    const value = compile.expression(operand, names);
    return (scope) => {
      value(scope);
      return true;
    };
  }
  const of = compile.link(target.of, names);
  const key = compile.expression(target.key, names);
  const optional = target.optional === true;
  return (scope) => {
    const object = of(scope);
    return isShort(object, optional) || deleteMember(object, key(scope));
  };
}

const isUnknownGlobal = (of: Expression) => isKind(of, "global") && !hasGlobal(of.name);

function isKind<K extends string>(of: Expression, kind: K): of is Extract<Expression, { kind: K }> {
  return of !== null && typeof of === "object" && of.kind === kind;
}
