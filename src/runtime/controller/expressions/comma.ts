/** `a, b`: each in turn, the last one's value. */
import type { Expression } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";

export function comma({ items }: Extract<Expression, { kind: "comma" }>, names: Names, compile: Compile): Evaluate {
  const values = items.map((item) => compile.expression(item, names));
  return (scope) => {
    let last: unknown;
    for (const value of values) last = value(scope);
    return last;
  };
}
