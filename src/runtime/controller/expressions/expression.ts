/** Expressions, compiled to functions of a scope: one table, kind → file. */
import type { Expression } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { apply } from "./apply.ts";
import { array } from "./array.ts";
import { arrow } from "./arrow.ts";
import { assign } from "./assign.ts";
import { binary } from "./binary.ts";
import { chain, unchained } from "./chain.ts";
import { errorClass } from "./class.ts";
import { comma } from "./comma.ts";
import { conditional } from "./conditional.ts";
import { global } from "./global.ts";
import { bigint, regexp } from "./literals.ts";
import { logical } from "./logical.ts";
import { member } from "./member.ts";
import { construct } from "./new.ts";
import { object } from "./object.ts";
import { template } from "./template.ts";
import { unary } from "./unary.ts";
import { update } from "./update.ts";
import { variable } from "./variable.ts";

type Compound = Extract<Expression, { kind: string }>;
type Kinds = {
  [K in Compound["kind"]]: (expression: Extract<Compound, { kind: K }>, names: Names, compile: Compile) => Evaluate;
};

const kinds = {
  apply: unchained(apply),
  array,
  arrow,
  assign,
  bigint,
  binary,
  chain,
  class: errorClass,
  comma,
  conditional,
  global,
  logical,
  member: unchained(member),
  new: construct,
  object,
  regexp,
  template,
  unary,
  update,
  variable,
} satisfies Kinds;

export function expression(each: Expression, names: Names, compile: Compile): Evaluate {
  if (each === null || typeof each !== "object") return () => each;
  return (kinds[each.kind] as (e: Compound, n: Names, c: Compile) => Evaluate)(each, names, compile);
}
