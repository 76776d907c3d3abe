/** Assignment: `=`, and the compound and logical ones, which look at what is there first. */
import type { BinaryOperator, Expression, LogicalOperator } from "../../../model/expression.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { setMember } from "./access.ts";
import { operators } from "./binary.ts";
import { isDecided } from "./logical.ts";
import { pattern } from "./pattern.ts";
import { place } from "./place.ts";

type Assign = Extract<Expression, { kind: "assign" }>;

export function assign(expression: Assign, names: Names, compile: Compile): Evaluate {
  const { op } = expression;
  if (op === undefined) return simple(expression, names, compile);
  return isLogical(op) ? logical(op, expression, names, compile) : compound(op, expression, names, compile);
}

function simple({ target, value }: Assign, names: Names, compile: Compile): Evaluate {
  const given = compile.expression(value, names);
  if (target.kind === "member") {
    const of = compile.expression(target.of, names);
    const key = compile.expression(target.key, names);
    return (scope) => {
      const object = of(scope);
      const name = key(scope);
      const assigned = given(scope);
      setMember(object, name, assigned);
      return assigned;
    };
  }
  const { put } = pattern(target, names, compile);
  return (scope) => {
    const assigned = given(scope);
    put(scope, assigned);
    return assigned;
  };
}

function compound(op: BinaryOperator, { target, value }: Assign, names: Names, compile: Compile): Evaluate {
  const at = place(target, names, compile);
  const operate = operators[op];
  const operand = compile.expression(value, names);
  return (scope) => {
    const aim = at.aim(scope);
    const result = operate(at.read(scope, aim), operand(scope));
    at.write(scope, aim, result);
    return result;
  };
}

function logical(op: LogicalOperator, { target, value }: Assign, names: Names, compile: Compile): Evaluate {
  const at = place(target, names, compile);
  const given = compile.expression(value, names);
  return (scope) => {
    const aim = at.aim(scope);
    const before = at.read(scope, aim);
    if (isDecided(op, before)) return before;
    const assigned = given(scope);
    at.write(scope, aim, assigned);
    return assigned;
  };
}

const isLogical = (op: BinaryOperator | LogicalOperator): op is LogicalOperator =>
  op === "&&" || op === "||" || op === "??";
