/** The author's classes, as the class door reads them. */
import { ts } from "ts-morph";
import { resolved, symbolOf } from "./symbols.ts";

/** What instances of the class have under a name, in itself or in the nearest class above it. */
export function memberOf(owner: ts.ClassLikeDeclaration, name: string, checker: ts.TypeChecker): Member | undefined {
  const symbol = checker.getPropertyOfType(checker.getTypeAtLocation(owner), name);
  const declaration = symbol && writtenOut(symbol);
  return declaration && { symbol, declaration };
}

export type Member = { symbol: ts.Symbol; declaration: ts.Declaration };

/** The class that a class extends, where it is one that the project declares by its name. */
export function baseOf(node: ts.ClassLikeDeclaration, checker: ts.TypeChecker): ts.ClassDeclaration | undefined {
  const base = extended(node);
  const symbol = base && symbolOf(checker, base);
  return symbol?.declarations?.find(ts.isClassDeclaration);
}

/** The class and those above it that the project declares, the nearest first. */
export function chainOf(owner: ts.ClassDeclaration, checker: ts.TypeChecker): ts.ClassDeclaration[] {
  const chain = new Set<ts.ClassDeclaration>();
  for (let at: ts.ClassDeclaration | undefined = owner; at && !chain.has(at); at = baseOf(at, checker)) chain.add(at);
  return [...chain];
}

/** Whether `this`, or `super`, is an instance of a class of the author's there: not in a function of its own, nor in what is static. */
export function isInstance(node: ts.Node): boolean {
  let at = node.parent;
  while (ts.isArrowFunction(at) || !(ts.isFunctionLike(at) || ts.isClassElement(at) || ts.isSourceFile(at)))
    at = at.parent;
  if (!ts.isClassElement(at) || !ts.isClassLike(at.parent) || ts.isClassStaticBlockDeclaration(at)) return false;
  return !isStatic(at);
}

export function isStatic(member: ts.ClassElement): boolean {
  const modifiers = ts.canHaveModifiers(member) ? ts.getModifiers(member) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

/** What stands behind `extends`. */
export function extended(node: ts.ClassLikeDeclaration): ts.Expression | undefined {
  return node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
}

/** The class that an expression is an instance of. */
export function classOf(expression: ts.Expression, checker: ts.TypeChecker): ts.ClassDeclaration | undefined {
  const symbol = checker.getTypeAtLocation(expression).getSymbol();
  return symbol && resolved(checker, symbol).declarations?.find(ts.isClassDeclaration);
}

/** Of several, overloads among them, the one with a body. */
function writtenOut({ declarations = [], valueDeclaration }: ts.Symbol): ts.Declaration | undefined {
  return declarations.find((one) => ts.isMethodDeclaration(one) && one.body !== undefined) ?? valueDeclaration;
}
