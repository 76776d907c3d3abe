/** Questions about the author's syntax that several constructs ask. */
import { ts } from "ts-morph";
import { unwrap } from "../symbols.ts";

export { unwrap };

/** The source text for people: on one line, cut where it is long. */
export function textOf(node: ts.Node): string {
  // A class's own score reads as a module's does.
  const text = node
    .getText()
    .replace(/\s+/g, " ")
    .replace(/\bthis\./g, "");
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

export const isFunctionValue = (node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression =>
  ts.isArrowFunction(node) || ts.isFunctionExpression(node);

export const isAsync = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword) ?? false);

export const assignmentOperators: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.EqualsToken, ""],
  [ts.SyntaxKind.PlusEqualsToken, "+"],
  [ts.SyntaxKind.MinusEqualsToken, "-"],
  [ts.SyntaxKind.AsteriskEqualsToken, "*"],
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken, "**"],
  [ts.SyntaxKind.SlashEqualsToken, "/"],
  [ts.SyntaxKind.PercentEqualsToken, "%"],
  [ts.SyntaxKind.AmpersandEqualsToken, "&"],
  [ts.SyntaxKind.BarEqualsToken, "|"],
  [ts.SyntaxKind.CaretEqualsToken, "^"],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, "<<"],
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken, ">>"],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, ">>>"],
  [ts.SyntaxKind.AmpersandAmpersandEqualsToken, "&&"],
  [ts.SyntaxKind.BarBarEqualsToken, "||"],
  [ts.SyntaxKind.QuestionQuestionEqualsToken, "??"],
]);

export const isLogical = (op: string): op is "&&" | "||" | "??" => op === "&&" || op === "||" || op === "??";

type Symbols = { symbol(node: ts.Identifier): ts.Symbol | undefined };
const assigned = new WeakMap<ts.Node, Set<ts.Symbol>>();

/** Is the variable of this declaration assigned anywhere but where it is declared? */
export function isAssigned(declaration: ts.Declaration, symbols: Symbols): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  if (name === undefined || !ts.isIdentifier(name)) return true;
  const symbol = symbols.symbol(name);
  return symbol === undefined || assignedIn(declaration.getSourceFile(), symbols).has(symbol);
}

function assignedIn(file: ts.SourceFile, symbols: Symbols): Set<ts.Symbol> {
  const known = assigned.get(file);
  if (known) return known;
  const found = new Set<ts.Symbol>();
  const target = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const symbol = symbols.symbol(node);
      if (symbol) found.add(symbol);
    } else if (ts.isBinaryExpression(node)) target(node.left);
    else if (ts.isPropertyAssignment(node)) target(node.initializer);
    else if (ts.isShorthandPropertyAssignment(node)) target(node.name);
    else if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) target(node.expression);
    else if (ts.isObjectLiteralExpression(node)) node.properties.forEach(target);
    else if (ts.isArrayLiteralExpression(node)) node.elements.forEach(target);
    else if (ts.isExpression(node) && unwrap(node) !== node) target(unwrap(node));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && assignmentOperators.has(node.operatorToken.kind)) target(node.left);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
        target(node.operand);
    } else if ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && ts.isExpression(node.initializer))
      target(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(file);
  assigned.set(file, found);
  return found;
}

/** The variable at the bottom of `a.b[c].d`. */
export function rootOf(node: ts.Expression): ts.Identifier | undefined {
  let root = unwrap(node);
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = unwrap(root.expression);
  return ts.isIdentifier(root) ? root : undefined;
}
