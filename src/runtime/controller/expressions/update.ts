/** `++` and `--`, before and after. */
import type { Expression } from "../../../model/expression.ts";
import { reads } from "../bounds/cost.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { place } from "./place.ts";

export function update(
  { op, prefix, target }: Extract<Expression, { kind: "update" }>,
  names: Names,
  compile: Compile,
): Evaluate {
  const at = place(target, names, compile);
  return (scope) => {
    const aim = at.aim(scope);
    let value = at.read(scope, aim) as number; // or a bigint, or what becomes one of the two
    if (typeof value !== "number") reads(value, []);
    const before = op === "++" ? value++ : value--;
    at.write(scope, aim, value);
    return prefix ? value : before;
  };
}
