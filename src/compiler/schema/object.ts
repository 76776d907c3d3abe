import { ts } from "ts-morph";
import type { JsonSchema } from "../../model/template.ts";
import { isThenable } from "../thenable.ts";
import type { Describer } from "./describer.ts";
import { descriptionOf } from "./description.ts";
import { describePresent } from "./union.ts";

/** Properties in the order of their declaration, with their JSDoc; index signatures as `additionalProperties`. Excess ones are admitted. */
export function objectOf(type: ts.Type, path: string, describer: Describer): JsonSchema {
  const { checker } = describer.context;
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0)
    return describer.refuse("a function", path);
  if (isThenable(type, checker)) return describer.refuse("a promise", path);

  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const property of checker.getPropertiesOfType(type)) {
    // A property with a symbol for its key is a brand: it is not there at run time.
    if (property.name.startsWith("__@")) continue;
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    properties[property.name] = describeProperty(property, isOptional, path, describer);
    if (!isOptional) required.push(property.name);
  }
  const index =
    checker.getIndexTypeOfType(type, ts.IndexKind.String) ?? checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  return {
    type: "object",
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
    ...(index && { additionalProperties: describer.describe(index, `${path}[…]`) }),
  };
}

function describeProperty(property: ts.Symbol, isOptional: boolean, path: string, describer: Describer): JsonSchema {
  const { checker } = describer.context;
  const type = checker.getTypeOfSymbolAtLocation(property, describer.node);
  const at = join(path, property.name);
  const schema = isOptional ? describePresent(type, at, describer) : describer.describe(type, at);
  const description = descriptionOf(property);
  if (description === undefined) return schema;
  return schema === true ? { description } : schema === false ? schema : { ...schema, description };
}

const join = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);
