/** The table of expressions: kind of syntax → how it is lowered. */
import { ts } from "ts-morph";
import { type BinaryOperator, binaryOperators, type Expression, type UnaryOperator } from "../../model/expression.ts";
import { apply, construct } from "./apply.ts";
import { assign, isAssignment, update } from "./assign.ts";
import { awaitExpression } from "./await.ts";
import { hasOptional, optionalChain } from "./chain.ts";
import { classValue } from "./class.ts";
import { functionValue } from "./function.ts";
import { identifier } from "./identifier.ts";
import { instanceOf } from "./instanceof.ts";
import { array, bigint, numeric, object, regexp, template } from "./literal.ts";
import { conditional, logical } from "./logical.ts";
import { type Access, checkMutation, member } from "./member.ts";
import type { Region } from "./region.ts";
import { isLogical, unwrap } from "./syntax.ts";

const { SyntaxKind } = ts;

type Lowering = (node: never, region: Region, hint?: string) => Expression;

const table: ReadonlyMap<ts.SyntaxKind, Lowering> = new Map<ts.SyntaxKind, Lowering>([
  [SyntaxKind.Identifier, identifier],
  [SyntaxKind.StringLiteral, text],
  [SyntaxKind.NoSubstitutionTemplateLiteral, text],
  [SyntaxKind.NumericLiteral, numeric],
  [SyntaxKind.BigIntLiteral, bigint],
  [SyntaxKind.RegularExpressionLiteral, regexp],
  [SyntaxKind.TrueKeyword, () => true],
  [SyntaxKind.FalseKeyword, () => false],
  [SyntaxKind.NullKeyword, () => null],
  [SyntaxKind.TemplateExpression, template],
  [SyntaxKind.ArrayLiteralExpression, array],
  [SyntaxKind.ObjectLiteralExpression, object],
  [SyntaxKind.PropertyAccessExpression, access],
  [SyntaxKind.ElementAccessExpression, access],
  [SyntaxKind.CallExpression, apply],
  [SyntaxKind.NewExpression, construct],
  [SyntaxKind.AwaitExpression, awaitExpression],
  [SyntaxKind.ArrowFunction, functionValue],
  [SyntaxKind.FunctionExpression, functionValue],
  [SyntaxKind.BinaryExpression, binary],
  [SyntaxKind.ConditionalExpression, conditional],
  [SyntaxKind.PrefixUnaryExpression, unary],
  [SyntaxKind.PostfixUnaryExpression, update],
  [SyntaxKind.TypeOfExpression, keyword("typeof")],
  [SyntaxKind.VoidExpression, keyword("void")],
  [SyntaxKind.DeleteExpression, remove],
]);

export function expression(node: ts.Expression, region: Region, hint?: string): Expression {
  const inner = unwrap(node);
  const lowering = table.get(inner.kind);
  return lowering ? lowering(inner as never, region, hint) : unsupported(inner, region);
}

function text(node: ts.StringLiteralLike): Expression {
  return node.text;
}

function access(node: Access, region: Region): Expression {
  if (hasOptional(node)) return optionalChain(node, region);
  const ofClass = classValue(node, region);
  return ofClass === undefined ? member(node, region) : ofClass;
}

function binary(node: ts.BinaryExpression, region: Region, hint?: string): Expression {
  if (isAssignment(node)) return assign(node, region);
  const op = node.operatorToken.getText();
  if (isLogical(op)) return logical(node, op, region, hint);
  if (op === "instanceof") return instanceOf(node, region);
  const [left = null, right = null] = region.operands([node.left, node.right]);
  if (op === ",") return { kind: "comma", items: [left, right] };
  if (!binaryOperators.some((known) => known === op)) return unsupported(node, region);
  return { kind: "binary", op: op as BinaryOperator, left, right };
}

const unaryOperators: ReadonlyMap<ts.PrefixUnaryOperator, UnaryOperator> = new Map([
  [SyntaxKind.ExclamationToken, "!"],
  [SyntaxKind.MinusToken, "-"],
  [SyntaxKind.PlusToken, "+"],
  [SyntaxKind.TildeToken, "~"],
]);

function unary(node: ts.PrefixUnaryExpression, region: Region): Expression {
  const op = unaryOperators.get(node.operator);
  return op === undefined ? update(node, region) : { kind: "unary", op, of: region.expression(node.operand) };
}

function keyword(op: "typeof" | "void"): (node: ts.TypeOfExpression | ts.VoidExpression, region: Region) => Expression {
  return (node, region) => ({ kind: "unary", op, of: region.expression(node.expression) });
}

function remove(node: ts.DeleteExpression, region: Region): Expression {
  checkMutation(node.expression, region);
  return { kind: "unary", op: "delete", of: region.expression(node.expression) };
}

const unsupportedKinds: ReadonlyMap<ts.SyntaxKind, { what: string; remedy?: string }> = new Map([
  [
    SyntaxKind.ThisKeyword,
    {
      what: "`this` by itself",
      remedy:
        "In the class of a pipeline, read steps, methods and readonly fields of it: `this.fit({ rows })`; elsewhere, use a variable.",
    },
  ],
  [SyntaxKind.YieldExpression, { what: "`yield`", remedy: "Collect the values in an array." }],
  [SyntaxKind.ClassExpression, { what: "A class", remedy: "Use plain objects and functions." }],
  [SyntaxKind.TaggedTemplateExpression, { what: "A tagged template" }],
  [SyntaxKind.MetaProperty, { what: "`import.meta` and `new.target`" }],
]);

function unsupported(node: ts.Expression, region: Region): Expression {
  const { what, remedy } = unsupportedKinds.get(node.kind) ?? { what: `\`${node.getText().split("\n")[0]}\`` };
  return region.report(region.shared.problems.unsupportedExpression, node, { what, ...(remedy && { remedy }) });
}
