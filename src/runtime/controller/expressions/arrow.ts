/** Small pure arrows: functions as values, without an activation of their own. */
import type { Expression } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import { current, here } from "../graph/context.ts";
import { own } from "../graph/own.ts";
import { Names } from "../graph/scope.ts";
import { parameters } from "./parameters.ts";

export function arrow(expression: Extract<Expression, { kind: "arrow" }>, outer: Names, compile: Compile): Evaluate {
  const { declared, bind, length } = parameters(expression, compile);
  const names = new Names(outer, declared);
  const bound = bind(names);
  const value = compile.expression(expression.value, names);
  const about = { name: "", length };
  return (scope) => {
    const maker = here();
    return own((...args: unknown[]) => {
      const outside = current.context;
      current.context = outside ?? maker;
      try {
        here().burn();
        const inside = names.open(scope);
        bound(inside, args);
        return value(inside);
      } finally {
        current.context = outside;
      }
    }, about);
  };
}
