import { ts } from "ts-morph";
import type { Json } from "../../model/json.ts";
import type { JsonSchema } from "../../model/template.ts";
import type { Describer } from "./describer.ts";

/** Literals become one `enum`. The order is by text: the checker's own depends on what it happened to see first. */
export function unionOf(types: readonly ts.Type[], path: string, describer: Describer): JsonSchema {
  const members = withWholeBoolean(types).map((member) =>
    member === "boolean" ? { type: "boolean" } : describer.describe(member, path),
  );
  const literals = members.filter(isLiteral).map((schema) => schema.const);
  const others = members.filter((schema) => !isLiteral(schema));
  const schemas = unique(others);
  if (literals.length === 1) schemas.unshift({ const: literals[0] as Json });
  if (literals.length > 1) schemas.unshift({ enum: literals.sort(byText) as Json[] });
  return schemas.length === 1 ? (schemas[0] as JsonSchema) : { anyOf: schemas as Json[] };
}

/** Of an optional part, which may be absent: what it is when it is there. */
export function describePresent(type: ts.Type, path: string, describer: Describer): JsonSchema {
  if (!type.isUnion()) return describer.describe(type, path);
  return unionOf(
    type.types.filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0),
    path,
    describer,
  );
}

/** The checker sees `boolean` as `true | false`. */
function withWholeBoolean(types: readonly ts.Type[]): (ts.Type | "boolean")[] {
  const isBoolean = (type: ts.Type) => (type.flags & ts.TypeFlags.BooleanLiteral) !== 0;
  const others = types.filter((type) => !isBoolean(type));
  return others.length === types.length - 2 ? ["boolean", ...others] : [...types];
}

function isLiteral(schema: JsonSchema): schema is { const: Json } {
  return typeof schema === "object" && "const" in schema;
}

function unique(schemas: JsonSchema[]): JsonSchema[] {
  const byJson = new Map(schemas.map((schema) => [JSON.stringify(schema), schema]));
  return [...byJson.keys()].sort(compare).map((json) => byJson.get(json) as JsonSchema);
}

function byText(a: unknown, b: unknown): number {
  return typeof a === "number" && typeof b === "number" ? a - b : compare(JSON.stringify(a), JSON.stringify(b));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
