/** Patterns: of a declaration, and of an assignment. */
import { ts } from "ts-morph";
import type { Expression, Pattern, PatternEntry, PatternItem } from "../../model/expression.ts";
import { checkMutation, isAccess, memberOperands } from "./member.ts";
import type { Region } from "./region.ts";
import { unwrap } from "./syntax.ts";

const inDefault = "the default of a destructured value";

/** `x`, `{ a, b: [c = 1], ...rest }` in a declaration, a parameter, a loop head or a catch clause. */
export function binding(node: ts.BindingName, region: Region): Pattern {
  if (ts.isIdentifier(node)) return { kind: "variable", name: region.shared.variable(node) };
  if (ts.isArrayBindingPattern(node)) {
    const items: (PatternItem | null)[] = [];
    let rest: Pattern | undefined;
    for (const element of node.elements) {
      if (ts.isOmittedExpression(element)) items.push(null);
      else if (element.dotDotDotToken) rest = binding(element.name, region);
      else items.push({ target: binding(element.name, region), ...defaultOf(element.initializer, region) });
    }
    return { kind: "array", items, ...(rest && { rest }) };
  }
  const entries: PatternEntry[] = [];
  let rest: Pattern | undefined;
  for (const element of node.elements) {
    if (element.dotDotDotToken) rest = binding(element.name, region);
    else {
      const key = propertyKey(element.propertyName ?? (element.name as ts.Identifier), region);
      entries.push({ key, target: binding(element.name, region), ...defaultOf(element.initializer, region) });
    }
  }
  return { kind: "object", entries, ...(rest && { rest }) };
}

/** What stands left of `=`: a variable, a member, or an array or object literal of such. */
export function assignmentTarget(node: ts.Expression, region: Region): Pattern {
  const target = unwrap(node);
  if (ts.isIdentifier(target)) return variableTarget(target, region);
  if (isAccess(target)) {
    checkMutation(target, region);
    if (region.shared.classMember(target)) return { kind: "object", entries: [] };
    return { kind: "member", ...memberOperands(target, region) };
  }
  if (ts.isArrayLiteralExpression(target)) return arrayTarget(target, region);
  if (ts.isObjectLiteralExpression(target)) return objectTarget(target, region);
  region.report(region.shared.problems.unsupportedExpression, target, { what: "This assignment" });
  return { kind: "object", entries: [] };
}

/** The key of a property: a name, a number, or `[computed]`. */
export function propertyKey(node: ts.PropertyName, region: Region): Expression {
  if (ts.isComputedPropertyName(node)) return region.pure(node.expression, "a computed key of a pattern");
  if (ts.isPrivateIdentifier(node))
    return region.report(region.shared.problems.unsupportedExpression, node, { what: "A private field" });
  return ts.isNumericLiteral(node) ? String(Number(node.text)) : node.text;
}

function variableTarget(node: ts.Identifier, region: Region): Pattern {
  const declaration = region.shared.symbol(node)?.valueDeclaration;
  if (declaration && ts.isSourceFile(region.shared.functionOf(declaration)) && !ts.isSourceFile(region.owner))
    region.report(region.shared.problems.moduleMutation, node, { name: node.text });
  return { kind: "variable", name: region.shared.variable(node) };
}

function arrayTarget(node: ts.ArrayLiteralExpression, region: Region): Pattern {
  const items: (PatternItem | null)[] = [];
  let rest: Pattern | undefined;
  for (const element of node.elements) {
    if (ts.isOmittedExpression(element)) items.push(null);
    else if (ts.isSpreadElement(element)) rest = pureTarget(element.expression, region);
    else items.push(withDefault(element, region));
  }
  return { kind: "array", items, ...(rest && { rest }) };
}

function objectTarget(node: ts.ObjectLiteralExpression, region: Region): Pattern {
  const entries: PatternEntry[] = [];
  let rest: Pattern | undefined;
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) rest = pureTarget(property.expression, region);
    else if (ts.isShorthandPropertyAssignment(property))
      entries.push({
        key: property.name.text,
        target: variableTarget(property.name, region),
        ...defaultOf(property.objectAssignmentInitializer, region),
      });
    else if (ts.isPropertyAssignment(property))
      entries.push({ key: propertyKey(property.name, region), ...withDefault(property.initializer, region) });
  }
  return { kind: "object", entries, ...(rest && { rest }) };
}

function withDefault(node: ts.Expression, region: Region): PatternItem {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return { target: pureTarget(node.left, region), ...defaultOf(node.right, region) };
  return { target: pureTarget(node, region) };
}

function pureTarget(node: ts.Expression, region: Region): Pattern {
  const lift = region.shared.lifts.first(node);
  if (lift) region.report(region.shared.problems.awaitPlace, lift, { where: "the target of an assignment" });
  return assignmentTarget(node, region);
}

function defaultOf(node: ts.Expression | undefined, region: Region): { default?: Expression } {
  return node === undefined ? {} : { default: region.pure(node, inDefault) };
}
