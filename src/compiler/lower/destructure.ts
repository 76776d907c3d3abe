/**
 * Destructuring in which something is lifted: taken apart into its single readings, in the order of the language, so that a default that waits has its
 * moment. Without a lift a pattern stays a pattern (`pattern.ts`).
 */
import { ts } from "ts-morph";
import type { Expression, Pattern, Variable } from "../../model/expression.ts";
import type { Declare } from "../../model/node.ts";
import { isAccess } from "./member.ts";
import { assignmentTarget, binding, propertyKey } from "./pattern.ts";
import type { Region } from "./region.ts";
import { unwrap } from "./syntax.ts";

/** What stands left: the name of a declaration, or the target of an assignment. */
type Target = ts.BindingName | ts.Expression;
type Part = { target: Target; key?: ts.PropertyName; fallback?: ts.Expression; rest: boolean };

/** Gives `value` to what stands left of it; declares it, where `declare` says so. */
export function store(target: Target, value: Expression, declare: Declare | undefined, region: Region): void {
  const inner = ts.isExpression(target) ? unwrap(target) : target;
  if (region.shared.lifts.has(inner) && isPattern(inner)) takeApart(inner, value, declare, region);
  else emit(patternOf(inner, region), value, declare, inner, region);
}

/** The pattern of a loop's head or a catch clause, which has no region before it; undefined where it needs nodes of its own. */
export function wholePattern(target: Target, region: Region): Pattern | undefined {
  if (region.shared.lifts.has(target)) return undefined;
  const before = region.nested();
  const pattern = patternOf(ts.isExpression(target) ? unwrap(target) : target, before);
  return before.nodes.length === 0 ? pattern : undefined;
}

type PatternSyntax = ts.BindingPattern | ts.ArrayLiteralExpression | ts.ObjectLiteralExpression;

const isPattern = (node: Target): node is PatternSyntax =>
  ts.isObjectBindingPattern(node) ||
  ts.isArrayBindingPattern(node) ||
  ts.isObjectLiteralExpression(node) ||
  ts.isArrayLiteralExpression(node);

function takeApart(node: PatternSyntax, given: Expression, declare: Declare | undefined, region: Region): void {
  const value = region.temporary(given, node);
  if (ts.isObjectBindingPattern(node) || ts.isObjectLiteralExpression(node)) fields(node, value, declare, region);
  else items(node, value, declare, region);
}

function fields(
  node: ts.ObjectBindingPattern | ts.ObjectLiteralExpression,
  value: Expression,
  declare: Declare | undefined,
  region: Region,
): void {
  emit({ kind: "object", entries: [] }, value, undefined, node, region); // null and undefined have no fields: it throws
  const keys: Expression[] = [];
  for (const part of fieldsOf(node, region)) {
    if (part.rest) {
      const rest = unused(region);
      const entries = keys.map((key) => ({ key, target: unused(region) }));
      emit({ kind: "object", entries, rest }, value, "const", node, region);
      store(part.target, rest, declare, region);
      continue;
    }
    const name = part.key as ts.PropertyName;
    const key = ts.isComputedPropertyName(name)
      ? region.temporary(region.expression(name.expression), name)
      : propertyKey(name, region);
    keys.push(key);
    give(part, () => ({ kind: "member", of: value, key }), declare, region);
  }
}

function items(
  node: ts.ArrayBindingPattern | ts.ArrayLiteralExpression,
  value: Expression,
  declare: Declare | undefined,
  region: Region,
): void {
  const call = (of: Expression, key: string): Expression => ({
    kind: "apply",
    callee: { kind: "member", of, key },
    args: [],
  });
  const iterator = region.temporary(call(value, "values"), node);
  for (const part of itemsOf(node)) {
    if (part === null) region.emit(node, { kind: "let", id: region.ids.counted("let"), value: call(iterator, "next") });
    else if (part.rest)
      store(part.target, { kind: "array", items: [{ kind: "spread", of: iterator }] }, declare, region);
    else give(part, () => ({ kind: "member", of: call(iterator, "next"), key: "value" }), declare, region);
  }
}

/** One part: where it goes is evaluated first, then it is read, then its default, where it is undefined. */
function give({ target, fallback }: Part, read: () => Expression, declare: Declare | undefined, region: Region): void {
  const place = ts.isExpression(target) ? keptPlace(unwrap(target), region) : undefined;
  const part = region.temporary(read(), target, "let");
  if (fallback !== undefined) {
    const inside = region.nested();
    inside.assign(part.name, inside.expression(fallback), fallback);
    const when: Expression = { kind: "binary", op: "===", left: part, right: { kind: "global", name: "undefined" } };
    region.emit(fallback, {
      kind: "branch",
      id: region.ids.counted("if"),
      cases: [{ when, nodes: inside.nodes }],
      text: "undefined",
    });
  }
  if (place) emit(place, part, undefined, target, region);
  else store(target, part, declare, region);
}

/** The object and key of a member that is assigned, evaluated now. */
function keptPlace(target: ts.Expression, region: Region): Pattern | undefined {
  if (!isAccess(target)) return undefined;
  const pattern = assignmentTarget(target, region);
  if (pattern.kind !== "member") return pattern;
  return {
    kind: "member",
    of: region.temporary(pattern.of, target.expression),
    key: region.temporary(pattern.key, target),
  };
}

function fieldsOf(node: ts.ObjectBindingPattern | ts.ObjectLiteralExpression, region: Region): Part[] {
  if (ts.isObjectBindingPattern(node))
    return node.elements.map(({ name, propertyName, initializer, dotDotDotToken }) => ({
      target: name,
      key: propertyName ?? (name as ts.Identifier),
      ...(initializer && { fallback: initializer }),
      rest: dotDotDotToken !== undefined,
    }));
  return node.properties.flatMap((property): Part[] => {
    if (ts.isSpreadAssignment(property)) return [{ target: property.expression, rest: true }];
    if (ts.isShorthandPropertyAssignment(property)) {
      const fallback = property.objectAssignmentInitializer;
      return [{ target: property.name, key: property.name, ...(fallback && { fallback }), rest: false }];
    }
    if (ts.isPropertyAssignment(property)) return [{ ...withDefault(property.initializer), key: property.name }];
    region.report(region.shared.problems.unsupportedExpression, property, { what: "This assignment" });
    return [];
  });
}

function itemsOf(node: ts.ArrayBindingPattern | ts.ArrayLiteralExpression): (Part | null)[] {
  if (ts.isArrayBindingPattern(node))
    return node.elements.map((element) =>
      ts.isOmittedExpression(element)
        ? null
        : {
            target: element.name,
            ...(element.initializer && { fallback: element.initializer }),
            rest: element.dotDotDotToken !== undefined,
          },
    );
  return node.elements.map((element) => {
    if (ts.isOmittedExpression(element)) return null;
    return ts.isSpreadElement(element) ? { target: element.expression, rest: true } : withDefault(element);
  });
}

function withDefault(node: ts.Expression): Part {
  const isDefault = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isDefault ? { target: node.left, fallback: node.right, rest: false } : { target: node, rest: false };
}

const patternOf = (target: Target, region: Region): Pattern =>
  ts.isExpression(target) && !isBindingIdentifier(target)
    ? assignmentTarget(target, region)
    : binding(target as ts.BindingName, region);

/** An identifier is both an expression and the name of a declaration. */
const isBindingIdentifier = (node: ts.Node): boolean =>
  ts.isIdentifier(node) && (ts.isBindingElement(node.parent) || ts.isVariableDeclaration(node.parent));

const unused = (region: Region): Variable => ({ kind: "variable", name: region.shared.names.temporary() });

function emit(target: Pattern, value: Expression, declare: Declare | undefined, from: ts.Node, region: Region): void {
  region.emit(from, { kind: "let", id: region.ids.counted("let"), ...(declare && { declare }), target, value });
}
