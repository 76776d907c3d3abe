/** Assignments: `=`, the compound ones, `++` and `--`. */
import { ts } from "ts-morph";
import type { BinaryOperator, Expression, LogicalOperator, Pattern } from "../../model/expression.ts";
import { awaitInto } from "./await.ts";
import { store } from "./destructure.ts";
import { assignmentTarget } from "./pattern.ts";
import type { Region } from "./region.ts";
import { assignmentOperators, isLogical, textOf, unwrap } from "./syntax.ts";

type Operator = BinaryOperator | LogicalOperator;

type Assignment = ts.BinaryExpression & { operatorToken: ts.Token<ts.AssignmentOperator> };

export const isAssignment = (node: ts.Node): node is Assignment =>
  ts.isBinaryExpression(node) && assignmentOperators.has(node.operatorToken.kind);

/** An assignment as a statement of its own: its value is not used. */
export function assignStatement(node: ts.BinaryExpression, region: Region): void {
  const op = assignmentOperators.get(node.operatorToken.kind) as Operator | "";
  const value = unwrap(node.right);
  if (op === "" && ts.isIdentifier(unwrap(node.left)) && ts.isAwaitExpression(value))
    return awaitInto(value, region, { target: assignmentTarget(node.left, region) }, hintOf(node.left));
  const expression = assign(node, region);
  const isTemporary = expression !== null && typeof expression === "object" && expression.kind === "variable";
  if (isTemporary) return; // a branch did it
  if (
    expression !== null &&
    typeof expression === "object" &&
    expression.kind === "assign" &&
    expression.op === undefined
  )
    region.emit(node, {
      kind: "let",
      id: region.ids.counted("let"),
      target: expression.target,
      value: expression.value,
    });
  else region.emit(node, { kind: "let", id: region.ids.counted("let"), value: expression });
}

export function assign(node: ts.BinaryExpression, region: Region): Expression {
  const op = assignmentOperators.get(node.operatorToken.kind) as Operator | "";
  const lifted = region.shared.lifts.has(node.right);
  const hint = hintOf(node.left);
  if (op === "" && isPattern(node.left) && region.shared.lifts.has(node.left)) {
    const value = region.temporary(region.expression(node.right, hint), node.right);
    store(node.left, value, undefined, region);
    return value;
  }
  if (op === "") {
    const target = assignmentTarget(node.left, region);
    return {
      kind: "assign",
      target: lifted ? keepTarget(target, node.left, region) : target,
      value: region.expression(node.right, hint),
    };
  }
  const target = assignmentTarget(node.left, region);
  if (!lifted) return { kind: "assign", op, target, value: region.expression(node.right, hint) };

  // `total += await f()` reads total before it waits.
  const kept = keepTarget(target, node.left, region);
  const before = region.temporary(read(kept), node.left, isLogical(op) ? "let" : "const");
  if (!isLogical(op)) {
    const right = region.expression(node.right, hint);
    return { kind: "assign", target: kept, value: { kind: "binary", op, left: before, right } };
  }
  const inside = region.nested();
  const value = inside.expression(node.right, hint);
  const stored: Expression = { kind: "assign", target: kept, value };
  inside.assign(before.name, stored, node.right);
  const when = shortCircuit(op, before);
  const text = `${textOf(node.left)} ${op}`;
  region.emit(node, { kind: "branch", id: region.ids.counted("if"), cases: [{ when, nodes: inside.nodes }], text });
  return before;
}

export function update(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, region: Region): Expression {
  const op = node.operator === ts.SyntaxKind.PlusPlusToken ? "++" : "--";
  return {
    kind: "update",
    op,
    prefix: ts.isPrefixUnaryExpression(node),
    target: assignmentTarget(node.operand, region),
  };
}

/** When the right side of a logical operator is evaluated. */
export function shortCircuit(op: LogicalOperator, left: Expression): Expression {
  if (op === "&&") return left;
  if (op === "||") return { kind: "unary", op: "!", of: left };
  return { kind: "binary", op: "==", left, right: null };
}

/** A member's object and key are evaluated before the value is. */
function keepTarget(target: Pattern, from: ts.Node, region: Region): Pattern {
  if (target.kind !== "member") return target;
  const node = unwrap(from as ts.Expression) as ts.PropertyAccessExpression | ts.ElementAccessExpression;
  const of = region.keep(target.of, node.expression);
  const key = ts.isElementAccessExpression(node) ? region.keep(target.key, node.argumentExpression) : target.key;
  return { kind: "member", of, key };
}

const read = (target: Pattern): Expression => {
  if (target.kind === "variable" || target.kind === "member") return target;
  throw new Error("a compound assignment has no pattern");
};

const isPattern = (node: ts.Expression): boolean =>
  ts.isObjectLiteralExpression(unwrap(node)) || ts.isArrayLiteralExpression(unwrap(node));

function hintOf(node: ts.Expression): string | undefined {
  const target = unwrap(node);
  if (ts.isIdentifier(target)) return target.text;
  return ts.isPropertyAccessExpression(target) ? target.name.text : undefined;
}
