/** Defaults of a destructured parameter: what has one may be left out, and a literal one is shown. */
import { ts } from "ts-morph";
import type { Json } from "../../model/json.ts";
import type { JsonSchema } from "../../model/template.ts";
import { readStatic, Unreadable } from "../static.ts";

export function withDefaults(schema: JsonSchema, name: ts.BindingName, checker: ts.TypeChecker): JsonSchema {
  if (!ts.isObjectBindingPattern(name) || typeof schema === "boolean" || schema.properties === undefined) return schema;
  const properties = { ...(schema.properties as Record<string, JsonSchema>) };
  let required = (schema.required ?? []) as string[];
  for (const element of name.elements) {
    const key = keyOf(element);
    const property = key === undefined ? undefined : properties[key];
    if (key === undefined || property === undefined) continue;
    const inner = withDefaults(property, element.name, checker);
    properties[key] = element.initializer ? withDefault(inner, element.initializer, checker) : inner;
    if (element.initializer) required = required.filter((other) => other !== key);
  }
  const { required: _, ...others } = schema;
  return { ...others, properties, ...(required.length > 0 && { required }) };
}

function keyOf({ dotDotDotToken, propertyName, name }: ts.BindingElement): string | undefined {
  const key = propertyName ?? name;
  return !dotDotDotToken && (ts.isIdentifier(key) || ts.isStringLiteral(key)) ? key.text : undefined;
}

function withDefault(schema: JsonSchema, initializer: ts.Expression, checker: ts.TypeChecker): JsonSchema {
  if (schema === false) return schema;
  try {
    const value = readStatic(initializer, checker);
    return isJson(value) ? { ...(schema === true ? {} : schema), default: value } : schema;
  } catch (error) {
    if (error instanceof Unreadable) return schema;
    throw error;
  }
}

function isJson(value: unknown): value is Json {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  return typeof value === "object" && Object.values(value).every(isJson);
}
