/** Declarations, and expressions evaluated for what they do. */
import { ts } from "ts-morph";
import { assignStatement, isAssignment } from "./assign.ts";
import { awaitInto } from "./await.ts";
import { store } from "./destructure.ts";
import { functionConstant } from "./function.ts";
import { binding } from "./pattern.ts";
import type { Region } from "./region.ts";
import { unwrap } from "./syntax.ts";

export function declarations(list: ts.VariableDeclarationList, region: Region): void {
  const declare = declareOf(list, region);
  for (const declaration of list.declarations) {
    const { name, initializer } = declaration;
    const value = initializer && unwrap(initializer);
    const hint = ts.isIdentifier(name) ? name.text : undefined;
    if (value === undefined) emit(declaration, region, declare, undefined);
    else if (declare === "const" && functionConstant(declaration, value, region)) continue;
    else if (region.shared.lifts.has(name)) store(name, region.expression(value, hint), declare, region);
    else if (ts.isAwaitExpression(value)) awaitInto(value, region, { declare, target: binding(name, region) }, hint);
    else emit(declaration, region, declare, region.expression(value, hint));
  }
}

/** `let` for `let`; reports `var`, `using` and the like. */
export function declareOf(list: ts.VariableDeclarationList, region: Region): "const" | "let" {
  const flags = list.flags & ts.NodeFlags.BlockScoped;
  if (flags !== ts.NodeFlags.Const && flags !== ts.NodeFlags.Let)
    region.report(region.shared.problems.unsupportedStatement, list, {
      what: flags === 0 ? "`var`" : "`using`",
      remedy: "Write `const` or `let`.",
    });
  return flags === ts.NodeFlags.Const ? "const" : "let";
}

export function expressionStatement(node: ts.ExpressionStatement, region: Region): void {
  const value = unwrap(node.expression);
  if (isAssignment(value)) return assignStatement(value, region);
  if (ts.isAwaitExpression(value)) return awaitInto(value, region);
  checkDropped(value, region);
  const before = region.nodes.length;
  const expression = region.expression(value);
  const isDone = region.nodes.length > before && typeof expression === "object" && expression?.kind === "variable";
  if (!isDone) region.emit(node, { kind: "let", id: region.ids.counted("let"), value: expression });
}

function emit(
  from: ts.VariableDeclaration,
  region: Region,
  declare: "const" | "let",
  value: ReturnType<Region["expression"]> | undefined,
): void {
  const target = binding(from.name, region);
  region.emit(from, {
    kind: "let",
    id: region.ids.counted("let"),
    declare,
    target,
    ...(value !== undefined && { value }),
  });
}

/** A promise that is neither awaited nor kept, nor has functions that hear of both its ends. */
function checkDropped(value: ts.Expression, region: Region): void {
  const inner = ts.isVoidExpression(value) ? unwrap(value.expression) : value;
  if (!isHeard(inner) && isPromise(region.shared.context.checker.getTypeAtLocation(inner)))
    region.report(region.shared.problems.droppedPromise, value);
}

function isPromise(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(isPromise);
  const name = type.getSymbol()?.name;
  return name === "Promise" || name === "PromiseLike";
}

/** `p.then(done, failed)`, or `p.then(done).catch(failed)`; either may go on by `finally`. */
function isHeard(value: ts.Expression): boolean {
  const last = methodCall(value);
  if (last?.name === "finally") return isHeard(last.of);
  if (last?.name === "catch" && last.count === 1) return methodCall(last.of)?.name === "then";
  return last?.name === "then" && last.count === 2;
}

function methodCall(node: ts.Expression): { of: ts.Expression; name: string; count: number } | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = unwrap(node.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  return { of: unwrap(callee.expression), name: callee.name.text, count: node.arguments.length };
}
