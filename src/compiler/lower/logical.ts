/** `&&`, `||`, `??` and `?:`: where an operand that may not be evaluated holds a lift, a branch. */
import type { ts } from "ts-morph";
import type { Expression, LogicalOperator } from "../../model/expression.ts";
import { shortCircuit } from "./assign.ts";
import type { Region } from "./region.ts";
import { textOf } from "./syntax.ts";

export function logical(node: ts.BinaryExpression, op: LogicalOperator, region: Region, hint?: string): Expression {
  if (!region.shared.lifts.has(node.right))
    return {
      kind: "logical",
      op,
      left: region.expression(node.left, hint),
      right: region.expression(node.right, hint),
    };
  const result = region.temporary(region.expression(node.left, hint), node, "let");
  const inside = region.nested();
  inside.assign(result.name, inside.expression(node.right, hint), node.right);
  const when = shortCircuit(op, result);
  region.emit(node, {
    kind: "branch",
    id: region.ids.counted("if"),
    cases: [{ when, nodes: inside.nodes }],
    text: `${textOf(node.left)} ${op}`,
  });
  return result;
}

export function conditional(node: ts.ConditionalExpression, region: Region, hint?: string): Expression {
  const test = region.expression(node.condition);
  const { lifts } = region.shared;
  if (!lifts.has(node.whenTrue) && !lifts.has(node.whenFalse))
    return {
      kind: "conditional",
      test,
      then: region.expression(node.whenTrue, hint),
      else: region.expression(node.whenFalse, hint),
    };
  const name = region.shared.names.temporary();
  const target = { kind: "variable", name } as const;
  region.emit(node, { kind: "let", id: region.ids.counted("keep"), declare: "let", target, text: textOf(node) });
  const side = (value: ts.Expression) => {
    const inside = region.nested();
    inside.assign(name, inside.expression(value, hint), value);
    return inside.nodes;
  };
  region.emit(node, {
    kind: "branch",
    id: region.ids.counted("if"),
    cases: [{ when: test, nodes: side(node.whenTrue) }],
    otherwise: { nodes: side(node.whenFalse) },
    text: textOf(node.condition),
  });
  return target;
}
