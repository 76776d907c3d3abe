/** Literals: numbers, strings, templates, regular expressions, arrays and objects. */
import { ts } from "ts-morph";
import type { Entry, Expression, Item } from "../../model/expression.ts";
import { functionValue, method } from "./function.ts";
import type { Region } from "./region.ts";
import { isFunctionValue, unwrap } from "./syntax.ts";

export function numeric(node: ts.NumericLiteral): Expression {
  const value = Number(node.text.replaceAll("_", ""));
  return Number.isFinite(value) ? value : { kind: "global", name: "Infinity" };
}

export function bigint(node: ts.BigIntLiteral): Expression {
  return { kind: "bigint", digits: BigInt(node.text.replaceAll("_", "").slice(0, -1)).toString() };
}

export function regexp(node: ts.RegularExpressionLiteral): Expression {
  const end = node.text.lastIndexOf("/");
  return { kind: "regexp", source: node.text.slice(1, end), flags: node.text.slice(end + 1) };
}

export function template(node: ts.TemplateExpression, region: Region): Expression {
  const spans = node.templateSpans;
  const last = spans.findLastIndex((span) => region.shared.lifts.has(span.expression));
  const values = spans.map((span, i) => {
    const value = region.expression(span.expression);
    // A template makes each value a string in its turn.
    return i < last
      ? region.temporary({ kind: "template", strings: ["", ""], values: [value] }, span.expression)
      : value;
  });
  return { kind: "template", strings: [node.head.text, ...spans.map((span) => span.literal.text)], values };
}

export function array(node: ts.ArrayLiteralExpression, region: Region): Expression {
  const last = node.elements.findLastIndex((element) => region.shared.lifts.has(element));
  const items = node.elements.map((element, i): Item => {
    if (ts.isOmittedExpression(element)) return { kind: "hole" };
    if (!ts.isSpreadElement(element)) {
      const value = region.expression(element);
      return i < last ? region.keep(value, element) : value;
    }
    const spread: Item = { kind: "spread", of: region.expression(element.expression) };
    return i < last
      ? { kind: "spread", of: region.temporary({ kind: "array", items: [spread] }, element.expression) }
      : spread;
  });
  return { kind: "array", items };
}

export function object(node: ts.ObjectLiteralExpression, region: Region): Expression {
  const last = node.properties.findLastIndex((property) => region.shared.lifts.has(property));
  const entries = node.properties.flatMap((property, i): Entry[] => {
    const entry = propertyOf(property, region, i < last);
    return entry === undefined ? [] : [entry];
  });
  return { kind: "object", entries };
}

function propertyOf(node: ts.ObjectLiteralElementLike, region: Region, keep: boolean): Entry | undefined {
  const kept = (value: Expression, from: ts.Expression) => (keep ? region.keep(value, from) : value);
  if (ts.isShorthandPropertyAssignment(node))
    return { key: node.name.text, value: kept(region.expression(node.name), node.name) };
  if (ts.isSpreadAssignment(node)) {
    const spread: Entry = { kind: "spread", of: region.expression(node.expression) };
    return keep
      ? { kind: "spread", of: region.temporary({ kind: "object", entries: [spread] }, node.expression) }
      : spread;
  }
  if (ts.isGetAccessor(node) || ts.isSetAccessor(node)) {
    region.report(region.shared.problems.unsupportedExpression, node, {
      what: "A getter or setter",
      remedy: "Write a plain property, or a function that is called.",
    });
    return undefined;
  }
  const key = keyOf(node.name, region, keep || region.shared.lifts.has(node));
  if (ts.isMethodDeclaration(node)) return { key, value: method(node, region) };
  const value = unwrap(node.initializer);
  const name = typeof key === "string" ? key : undefined;
  return {
    key,
    value: isFunctionValue(value)
      ? functionValue(value, region, name)
      : kept(region.expression(node.initializer, name), node.initializer),
  };
}

function keyOf(name: ts.PropertyName, region: Region, keep: boolean): Expression {
  if (ts.isComputedPropertyName(name)) {
    const key = region.expression(name.expression);
    return keep ? region.keep(key, name.expression) : key;
  }
  if (ts.isPrivateIdentifier(name))
    return region.report(region.shared.problems.unsupportedExpression, name, { what: "A private field" });
  if (name.text === "__proto__")
    return region.report(region.shared.problems.unknownMember, name, { member: "__proto__", type: "an object" });
  return ts.isNumericLiteral(name) ? String(Number(name.text)) : name.text;
}
