/** Member access, `of.key` and `of[key]`. */
import type { Expression } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { getMember } from "./access.ts";
import { short } from "./short.ts";

type Member = Extract<Expression, { kind: "member" }>;

export function member(expression: Member, names: Names, compile: Compile): Evaluate {
  const of = compile.link(expression.of, names);
  const { key } = expression;
  const optional = expression.optional === true;
  if (typeof key === "string")
    return (scope) => {
      const object = of(scope);
      return isShort(object, optional) ? short : getMember(object, key);
    };
  const computed = compile.expression(key, names);
  return (scope) => {
    const object = of(scope);
    return isShort(object, optional) ? short : getMember(object, computed(scope));
  };
}

/** Does the optional chain end here? */
export const isShort = (object: unknown, optional: boolean): boolean =>
  object === short || (optional && (object === null || object === undefined));
