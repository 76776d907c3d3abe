/** `new`, of the built-in classes. */
import type { Expression } from "../../../model/expression.ts";
import { printExpression } from "../../../model/print-expression.ts";
import { classCosts } from "../bounds/class-costs.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { argumentList } from "./arguments.ts";
import { chance } from "./chance.ts";
import { isClass } from "./global.ts";

type Construct = Extract<Expression, { kind: "new" }>;

export function construct({ callee, args }: Construct, names: Names, compile: Compile): Evaluate {
  const fn = compile.expression(callee, names);
  const values = argumentList(args, names, compile);
  return (scope) => {
    const Class = fn(scope);
    const list = values(scope);
    if (!isClass(Class)) throw new TypeError(`${printExpression(callee)} is not a constructor in a pipeline's body`);
    if (Class === Date && list.length === 0) return new Date(chance("Date.now"));
    classCosts.get(Class)?.(undefined, list);
    return Reflect.construct(Class as new () => unknown, list);
  };
}
