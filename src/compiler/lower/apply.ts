/** Calls: of a step or a local function that starts steps, which become nodes; and of anything else, which stays in the expression. */
import { ts } from "ts-morph";
import { globals, mutators } from "../../model/builtins.ts";
import type { Expression } from "../../model/expression.ts";
import { args } from "./arguments.ts";
import { starterCall, stepCall } from "./call.ts";
import { hasOptional, optionalChain } from "./chain.ts";
import { detach } from "./detach.ts";
import { each } from "./each.ts";
import { checkMember, checkMutation, isAccess } from "./member.ts";
import type { Region } from "./region.ts";
import { signal } from "./signal.ts";
import { start } from "./start.ts";
import { unwrap } from "./syntax.ts";
import { timer } from "./timer.ts";

export function apply(node: ts.CallExpression, region: Region, hint?: string): Expression {
  const { shared } = region;
  const callee = unwrap(node.expression);
  const step = shared.context.stepOf(callee);
  if (step !== undefined) return stepCall(node, step, region, hint);
  const dsl = shared.context.isDsl(callee);
  if (dsl?.startsWith("Task")) return region.report(shared.problems.taskInBody, node);
  const begin = dsl && beginners[dsl];
  if (begin) return begin(node, region, hint, dsl);
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.kind === ts.SyntaxKind.SuperKeyword)
    return region.report(shared.problems.unsupportedExpression, node, { what: "`import()`" });
  if (hasOptional(node)) return optionalChain(node, region);
  if (shared.lifts.isEach(node)) return each(node, region, hint);
  if (shared.lifts.isStarter(node.expression)) return starterCall(node, region, hint);

  checkMutator(callee, region);
  if (node.arguments.some((argument) => shared.lifts.has(argument))) return applyKept(node, callee, region, hint);
  return { kind: "apply", callee: region.expression(callee), args: args(node.arguments, region) };
}

/** What `reprise` exports that begins something of its own when it is called (`lifts.ts`). */
const beginners: Record<string, typeof timer | undefined> = { sleep: timer, sleepUntil: timer, signal, start, detach };

export function construct(node: ts.NewExpression, region: Region): Expression {
  const callee = unwrap(node.expression);
  if (ts.isIdentifier(callee) && !isGlobalClass(callee, region)) return outsideClass(callee, region);
  return { kind: "new", callee: region.expression(callee), args: args(node.arguments ?? [], region) };
}

/** An argument is lifted: the method is looked up before it, and called after it, on the receiver of before. */
function applyKept(node: ts.CallExpression, callee: ts.Expression, region: Region, hint?: string): Expression {
  if (!isAccess(callee) || region.shared.classMember(callee)) {
    const fn = region.keep(region.expression(callee), callee);
    return { kind: "apply", callee: fn, args: args(node.arguments, region) };
  }
  const receiver = unwrap(callee.expression);
  const of = region.keep(region.expression(receiver), receiver);
  if (of !== null && typeof of === "object" && of.kind === "global") {
    // A global's own function cannot change: it may as well be looked up later.
    const method = region.expression(callee);
    const [only, ...others] = node.arguments;
    // `const fits = await Promise.all(rows.map(…))`: the fan-out is called fits.
    if (of.name === "Promise" && only && others.length === 0 && !ts.isSpreadElement(only))
      return { kind: "apply", callee: method, args: [region.expression(only, hint)] };
    return { kind: "apply", callee: method, args: args(node.arguments, region) };
  }
  checkMember(callee, of, region);
  const key = ts.isPropertyAccessExpression(callee) ? callee.name.text : region.expression(callee.argumentExpression);
  const method = region.temporary({ kind: "member", of, key }, callee);
  const values = args(node.arguments, region);
  return { kind: "apply", callee: { kind: "member", of: method, key: "call" }, args: [of, ...values] };
}

function checkMutator(callee: ts.Expression, region: Region): void {
  if (ts.isPropertyAccessExpression(callee) && mutators.has(callee.name.text) && isLibraryMethod(callee, region))
    checkMutation(callee.expression, region);
}

function isLibraryMethod(callee: ts.PropertyAccessExpression, region: Region): boolean {
  const symbol = region.shared.context.checker.getSymbolAtLocation(callee.name);
  return symbol?.declarations?.[0]?.getSourceFile().isDeclarationFile ?? true;
}

function isGlobalClass(callee: ts.Identifier, region: Region): boolean {
  const declaration = region.shared.symbol(callee)?.valueDeclaration;
  return globals.has(callee.text) && (declaration === undefined || declaration.getSourceFile().isDeclarationFile);
}

function outsideClass(callee: ts.Identifier, region: Region): Expression {
  const declaration = region.shared.symbol(callee)?.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return region.expression(callee); // says which global or package it is
  return region.report(region.shared.problems.outsideClass, callee, { name: callee.text });
}
