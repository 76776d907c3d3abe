/**
 * The class door: what a body reaches by `this`, by `super` and by the name of a class. To the graph, methods are functions of the module, and
 * readonly fields its constants; steps are steps (`call.ts`).
 */
import { ts } from "ts-morph";
import type { Expression } from "../../model/expression.ts";
import { baseOf, isInstance, isStatic, type Member, memberOf } from "../classes.ts";
import { symbolOf } from "../symbols.ts";
import { stepValue } from "./function.ts";
import type { Region } from "./region.ts";
import type { LowerContext } from "./shared.ts";
import { unwrap } from "./syntax.ts";

/** What `this.score` denotes; `undefined` for a member of anything but a class of the author's. */
export function classMember(node: ts.Node, context: LowerContext): Member | undefined {
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const { checker, owner } = context;
  const object = unwrap(node.expression);
  if (ts.isIdentifier(object)) return staticMember(object, node.name, checker);
  if (owner === undefined || !isInstance(object)) return undefined;
  if (ts.isPrivateIdentifier(node.name)) return memberAt(node.name, checker);
  if (object.kind === ts.SyntaxKind.ThisKeyword) return memberOf(owner, node.name.text, checker);
  if (object.kind !== ts.SyntaxKind.SuperKeyword) return undefined;
  const base = baseOf(classAround(node), checker);
  return base && memberOf(base, node.name.text, checker);
}

/** Such a member as a value; `undefined` for any other one. */
export function classValue(node: ts.Node, region: Region): Expression | undefined {
  const { shared } = region;
  const member = classMember(node, shared.context);
  if (member === undefined) return undefined;
  const access = node as ts.PropertyAccessExpression;
  const step = shared.context.stepOf(access);
  if (step !== undefined) return stepValue(access, step, region);
  if (ts.isMethodDeclaration(member.declaration) && !isCalled(access))
    return region.report(shared.problems.methodWithoutObject, access, { method: access.getText() });
  return shared.member(member, access, region);
}

/** `Settings.limit`, of a class that the project declares. */
function staticMember(object: ts.Identifier, name: ts.MemberName, checker: ts.TypeChecker): Member | undefined {
  const declared = symbolOf(checker, object)?.valueDeclaration;
  if (!declared || !ts.isClassDeclaration(declared) || declared.getSourceFile().isDeclarationFile) return undefined;
  const member = memberAt(name, checker);
  return member && ts.isClassElement(member.declaration) && isStatic(member.declaration) ? member : undefined;
}

function memberAt(name: ts.MemberName, checker: ts.TypeChecker): Member | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  return symbol?.valueDeclaration && { symbol, declaration: symbol.valueDeclaration };
}

function classAround(node: ts.Node): ts.ClassLikeDeclaration {
  let at = node.parent;
  while (!ts.isClassLike(at)) at = at.parent;
  return at;
}

function isCalled(node: ts.Expression): boolean {
  let at: ts.Node = node;
  while (ts.isExpression(at.parent) && unwrap(at.parent) === node) at = at.parent;
  return ts.isCallExpression(at.parent) && at.parent.expression === at;
}
