import { ts } from "ts-morph";
import type { Json } from "../../model/json.ts";
import type { JsonSchema } from "../../model/template.ts";
import type { Describer } from "./describer.ts";
import { describePresent } from "./union.ts";

export function arrayOf(type: ts.TypeReference, path: string, describer: Describer): JsonSchema {
  const [item] = describer.context.checker.getTypeArguments(type);
  return { type: "array", items: item ? describer.describe(item, `${path}[]`) : true };
}

/** `[number, string?, ...boolean[]]`. What follows a rest element is not told apart from it. */
export function tupleOf(type: ts.TupleTypeReference, path: string, describer: Describer): JsonSchema {
  const parts = describer.context.checker.getTypeArguments(type);
  const { elementFlags } = type.target;
  const rest = elementFlags.findIndex((flag) => (flag & ts.ElementFlags.Variable) !== 0);
  const fixed = rest === -1 ? parts : parts.slice(0, rest);
  const isOptional = (i: number) => ((elementFlags[i] as ts.ElementFlags) & ts.ElementFlags.Optional) !== 0;
  const prefixItems = fixed.map((part, i) =>
    isOptional(i) ? describePresent(part, `${path}[${i}]`, describer) : describer.describe(part, `${path}[${i}]`),
  );
  const required = elementFlags.filter((flag) => (flag & ts.ElementFlags.Required) !== 0).length;
  return {
    type: "array",
    ...(prefixItems.length > 0 && { prefixItems: prefixItems as Json[] }),
    ...(required > 0 && { minItems: required }),
    items: rest === -1 ? false : itemsAfter(parts.slice(rest), path, describer),
  };
}

function itemsAfter(parts: readonly ts.Type[], path: string, describer: Describer): JsonSchema {
  return parts.length === 1 ? describer.describe(parts[0] as ts.Type, `${path}[]`) : true;
}
