/** The params of a pipeline as a run would get them. */
import { checkParams, ParamsError } from "../../model/params.ts";
import type { JsonSchema } from "../../model/template.ts";
import { toJson } from "../values.ts";

/** `value`: absent where it has none, or only the body knows it. */
export type PlannedParam = {
  name: string;
  type: string;
  value?: unknown;
  from: "given" | "default" | "missing" | "left out";
};

export type PlannedParams = {
  params: PlannedParam[];
  problems: string[];
  /** What the body would get; where there are problems, nothing. */
  checked?: unknown;
};

export function planParams(schema: JsonSchema | undefined, given: unknown): PlannedParams {
  const params = rowsOf(schema, typeof given === "object" && given !== null ? { ...given } : {});
  try {
    return { params, problems: [], checked: checkParams(schema, given) };
  } catch (error) {
    if (!(error instanceof ParamsError)) throw error;
    return { params, problems: [...error.problems] };
  }
}

function rowsOf(schema: JsonSchema | undefined, given: Record<string, unknown>): PlannedParam[] {
  if (typeof schema !== "object") return [];
  const required = (schema.required ?? []) as string[];
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).map(([name, field]) => {
    const about = { name, type: typeText(field) };
    if (Object.hasOwn(given, name)) return { ...about, value: toJson(given[name]), from: "given" };
    if (typeof field === "object" && "default" in field) return { ...about, value: field.default, from: "default" };
    return { ...about, from: required.includes(name) ? "missing" : "left out" };
  });
}

/** `number`, `"a" | "b"`, `Date`, `string[]`. */
function typeText(schema: JsonSchema): string {
  if (typeof schema !== "object") return "any";
  if (typeof schema["x-type"] === "string") return schema["x-type"];
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  const branches = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (branches !== undefined) return [...new Set(branches.map(typeText))].join(" | ");
  if (schema.type === "array") return `${typeText((schema.items as JsonSchema | undefined) ?? true)}[]`;
  return schema.type === undefined ? "any" : [schema.type].flat().join(" | ");
}
