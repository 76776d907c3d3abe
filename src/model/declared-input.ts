/** What a pipeline declares of the input of a task that it calls by its name, beside what that task takes. */
import type { Json } from "./json.ts";
import { nearest } from "./nearest.ts";
import type { JsonSchema } from "./template.ts";

/**
 * Where no input that is declared so can fit, as sentences that name the field: one that the task does not take, one of a type that it never is, one that is
 * missing. `has`: the parameters that the task has already. What may fit is left to the call.
 */
export function misdeclared(declared: JsonSchema, taken: JsonSchema, has: readonly string[]): string[] {
  if (typeof declared !== "object" || typeof taken !== "object" || taken.properties === undefined) return [];
  const [given, known] = [fieldsOf(declared), fieldsOf(taken)];
  const wrong = Object.entries(given).flatMap(([name, schema]) =>
    Object.hasOwn(known, name) ? differing(name, schema, known[name]!) : isOpen(taken) ? [] : [unknown(name, known)],
  );
  const required = isOpen(declared) ? [] : ((taken.required ?? []) as string[]);
  const missing = required.filter((name) => !Object.hasOwn(given, name) && !has.includes(name));
  return [...wrong, ...missing.map((name) => `"${name}": missing: the task takes ${words(known[name]!)}`)];
}

const fieldsOf = ({ properties = {} }: JsonSchema & object) => properties as { [name: string]: JsonSchema };

/** At the top, a field that a schema does not name is a mistake, unless it says otherwise. */
const isOpen = (schema: JsonSchema & object): boolean => (schema.additionalProperties ?? false) !== false;

function unknown(name: string, known: object): string {
  const names = Object.keys(known);
  const meant = nearest(name, names);
  const help = meant ? `did you mean "${meant}"?` : `it takes ${names.join(", ") || "none"}`;
  return `the task has no param "${name}": ${help}`;
}

function differing(name: string, declared: JsonSchema, taken: JsonSchema): string[] {
  const [given, wanted] = [kindsOf(declared), kindsOf(taken)];
  if (given === undefined || wanted === undefined || [...given].some((kind) => wanted.has(kind))) return [];
  return [`"${name}": declared as ${words(declared)}, and the task takes ${words(taken)}`];
}

/** The kinds of values that fit, as far as a schema says it by itself; `undefined`: any. */
function kindsOf(schema: JsonSchema): Set<string> | undefined {
  if (typeof schema !== "object") return undefined;
  if (typeof schema["x-type"] === "string") return new Set([schema["x-type"]]);
  if (Array.isArray(schema.enum)) return new Set(schema.enum.map(kindOf));
  if ("const" in schema) return new Set([kindOf(schema.const!)]);
  const branches = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (branches !== undefined) {
    const kinds = branches.map(kindsOf);
    return kinds.includes(undefined) ? undefined : new Set(kinds.flatMap((of) => [...of!]));
  }
  if (schema.type === undefined) return undefined;
  return new Set([schema.type].flat().map((type) => (type === "integer" ? "number" : String(type))));
}

const kindOf = (value: Json): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : (typeof value as string);

const articles: { [kind: string]: string } = { array: "an array", object: "an object", null: "null" };
const words = (schema: JsonSchema): string =>
  [...(kindsOf(schema) ?? ["value"])].map((kind) => articles[kind] ?? `a ${kind}`).join(" or ");
