/** Small pure arrows: functions as values, without an activation of their own. */
import type { Expression } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import { current, here } from "../graph/context.ts";
import { own } from "../graph/own.ts";
import { Names } from "../graph/scope.ts";
import { ascend, descend, frameOf } from "../graph/stack.ts";
import { weight } from "../graph/weight.ts";
import { parameters } from "./parameters.ts";

export function arrow(expression: Extract<Expression, { kind: "arrow" }>, outer: Names, compile: Compile): Evaluate {
  const { declared, bind, length } = parameters(expression, compile);
  const names = new Names(outer, declared);
  const bound = bind(names);
  const value = compile.expression(expression.value, names);
  const about = { name: expression.name ?? "", length };
  const burned = weight(expression);
  const frame = frameOf(expression);
  return (scope) => {
    const maker = here();
    return own((...args: unknown[]) => {
      const outside = current.context;
      descend(frame);
      current.context = outside ?? maker;
      try {
        here().burn(burned);
        const inside = names.open(scope);
        bound(inside, args);
        return value(inside);
      } finally {
        current.context = outside;
        ascend(frame);
      }
    }, about);
  };
}
