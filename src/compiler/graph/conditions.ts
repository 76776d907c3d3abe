/** Plain conditions on references: a reference is an object, so that `if (best.ok)` would always hold. */
import { ts } from "ts-morph";
import type { Context } from "../context.ts";
import type { Loaded } from "../load.ts";
import { rules } from "../rules.ts";
import { unwrap } from "../symbols.ts";
import { isReference } from "./types.ts";

export function reportPlainConditions({ owned }: Loaded, { checker, dsl, problems }: Context): void {
  const visit = (node: ts.Node): void => {
    const condition = conditionOf(node);
    if (condition && isReference(checker.getTypeAtLocation(unwrap(condition)), dsl))
      problems.report(rules.plainCondition, condition, { text: condition.getText() });
    ts.forEachChild(node, visit);
  };
  for (const source of owned) visit(source);
}

const shortCircuits = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

/** What is asked whether it is truthy, or whether it is there. */
function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  if (ts.isForStatement(node) || ts.isConditionalExpression(node)) return node.condition;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return node.operand;
  if (ts.isBinaryExpression(node) && shortCircuits.has(node.operatorToken.kind)) return node.left;
  return undefined;
}
