/** Reads values that are known before the program runs: literals, consts that hold them, simple arithmetic, objects and arrays of them. */
import { ts } from "ts-morph";
import { isConst, symbolOf, unwrap, variableOf } from "./symbols.ts";

/** What cannot be read, for whoever asked to name it. */
export class Unreadable extends Error {
  readonly node: ts.Node;

  constructor(node: ts.Node) {
    super("not known before the program runs");
    this.node = node;
  }
}

/** Throws an Unreadable. */
export function readStatic(expression: ts.Expression, checker: ts.TypeChecker): unknown {
  return read(expression, checker, 0);
}

const maxDepth = 64;

function read(expression: ts.Expression, checker: ts.TypeChecker, depth: number): unknown {
  if (depth > maxDepth) throw new Unreadable(expression);
  const node = unwrap(expression);
  const value = (inner: ts.Expression) => read(inner, checker, depth + 1);

  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (node.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isTemplateExpression(node))
    return node.templateSpans.reduce(
      (text, span) => `${text}${value(span.expression)}${span.literal.text}`,
      node.head.text,
    );
  if (ts.isPrefixUnaryExpression(node)) return unary(node, value);
  if (ts.isBinaryExpression(node)) return arithmetic(node, value);
  if (ts.isArrayLiteralExpression(node))
    return node.elements.flatMap((item) => (ts.isSpreadElement(item) ? list(item.expression, value) : [value(item)]));
  if (ts.isObjectLiteralExpression(node)) return object(node, value, checker);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return member(node, value, checker);
  if (ts.isIdentifier(node)) return named(node, value, checker);
  throw new Unreadable(node);
}

type Read = (inner: ts.Expression) => unknown;

function unary(node: ts.PrefixUnaryExpression, value: Read): unknown {
  const operand = value(node.operand);
  if (node.operator === ts.SyntaxKind.ExclamationToken) return !operand;
  if (node.operator === ts.SyntaxKind.MinusToken && typeof operand === "number") return -operand;
  if (node.operator === ts.SyntaxKind.PlusToken && typeof operand === "number") return operand;
  throw new Unreadable(node);
}

const operators = new Map<ts.SyntaxKind, (a: number, b: number) => number>([
  [ts.SyntaxKind.PlusToken, (a, b) => a + b],
  [ts.SyntaxKind.MinusToken, (a, b) => a - b],
  [ts.SyntaxKind.AsteriskToken, (a, b) => a * b],
  [ts.SyntaxKind.SlashToken, (a, b) => a / b],
  [ts.SyntaxKind.PercentToken, (a, b) => a % b],
  [ts.SyntaxKind.AsteriskAsteriskToken, (a, b) => a ** b],
]);

function arithmetic(node: ts.BinaryExpression, value: Read): unknown {
  const operator = operators.get(node.operatorToken.kind);
  if (operator === undefined) throw new Unreadable(node);
  const [a, b] = [value(node.left), value(node.right)];
  if (typeof a === "number" && typeof b === "number") return operator(a, b);
  const isText = (part: unknown) => typeof part === "string" || typeof part === "number";
  if (node.operatorToken.kind === ts.SyntaxKind.PlusToken && isText(a) && isText(b)) return `${a}${b}`;
  throw new Unreadable(node);
}

function list(expression: ts.Expression, value: Read): unknown[] {
  const items = value(expression);
  if (!Array.isArray(items)) throw new Unreadable(expression);
  return items;
}

function object(node: ts.ObjectLiteralExpression, value: Read, checker: ts.TypeChecker): unknown {
  const entries = node.properties.flatMap((property): [string, unknown][] => {
    if (ts.isSpreadAssignment(property)) return Object.entries((value(property.expression) ?? {}) as object);
    if (ts.isShorthandPropertyAssignment(property)) return [[property.name.text, named(property.name, value, checker)]];
    if (ts.isPropertyAssignment(property)) return [[key(property.name, value), value(property.initializer)]];
    throw new Unreadable(property);
  });
  return Object.fromEntries(entries);
}

function key(name: ts.PropertyName, value: Read): string {
  if (ts.isComputedPropertyName(name)) return String(value(name.expression));
  return (name as ts.Identifier | ts.StringLiteral | ts.NumericLiteral).text;
}

function member(
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  value: Read,
  checker: ts.TypeChecker,
): unknown {
  const constant = checker.getConstantValue(node);
  if (constant !== undefined) return constant;
  if (ts.isPropertyAccessExpression(node)) {
    const exported = variableOf(symbolOf(checker, node));
    if (exported && isConst(exported)) return value(exported.initializer);
  }
  const of = value(node.expression);
  const name = ts.isPropertyAccessExpression(node) ? node.name.text : String(value(node.argumentExpression));
  if (typeof of !== "object" || of === null || !Object.hasOwn(of, name)) throw new Unreadable(node);
  return (of as Record<string, unknown>)[name];
}

function named(node: ts.Identifier, value: Read, checker: ts.TypeChecker): unknown {
  if (node.text === "undefined") return undefined;
  const held = variableOf(symbolOf(checker, node));
  if (held === undefined || !isConst(held) || !ts.isIdentifier(held.name)) throw new Unreadable(node);
  return value(held.initializer);
}
