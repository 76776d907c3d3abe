/** What names mean: through import aliases, re-exports and namespaces, to the declaration that they end in. */
import { ts } from "ts-morph";

/** The symbol that a name or a property access denotes, aliases followed. */
export function symbolOf(checker: ts.TypeChecker, expression: ts.Expression): ts.Symbol | undefined {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(name)) return undefined;
  const shorthand =
    ts.isShorthandPropertyAssignment(name.parent) && checker.getShorthandAssignmentValueSymbol(name.parent);
  const symbol = shorthand || checker.getSymbolAtLocation(name);
  return symbol && resolved(checker, symbol);
}

export function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The declaration with a value that a symbol stands for, where there is one. */
export function variableOf(
  symbol: ts.Symbol | undefined,
): (ts.VariableDeclaration & { initializer: ts.Expression }) | undefined {
  const declaration = symbol?.valueDeclaration;
  return declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
    ? (declaration as ts.VariableDeclaration & { initializer: ts.Expression })
    : undefined;
}

export function isConst(declaration: ts.VariableDeclaration): boolean {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
}

/** Without parentheses, `as`, `satisfies` and `!`, which mean nothing at run time. */
export function unwrap(expression: ts.Expression): ts.Expression {
  let at = expression;
  while (
    ts.isParenthesizedExpression(at) ||
    ts.isAsExpression(at) ||
    ts.isSatisfiesExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isTypeAssertionExpression(at)
  )
    at = at.expression;
  return at;
}
