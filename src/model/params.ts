/**
 * The params of a run, checked against the pipeline's schema before anything is enqueued. They come from a program as values, or from JSON
 * text, in which a Date is an ISO string and a bigint a string of digits: the schema's `x-type` says where.
 */
import * as z from "zod";
import { isArtifact } from "./artifact.ts";
import type { Json } from "./json.ts";
import { nearest } from "./nearest.ts";
import type { JsonSchema } from "./template.ts";

/** Params that do not fit. The message names each wrong field, what was expected there and what was given. */
export class ParamsError extends Error {
  override name = "ParamsError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      problems.length === 1
        ? `wrong params: ${problems[0]}`
        : `wrong params:\n${problems.map((p) => `  - ${p}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

/**
 * The params as the body gets them: dates and bigints are made from JSON's stand-ins, and nothing else is changed; defaults are the body's
 * own. Undefined where the pipeline takes none. Throws a ParamsError.
 */
export function checkParams(schema: JsonSchema | undefined, given: unknown): unknown {
  if (schema === undefined) return checkNone(given);
  if (given !== undefined && (typeof given !== "object" || given === null || Array.isArray(given)))
    throw new ParamsError([`expected an object of params, got ${show(given)}`]);
  const { value, problems } = fitted(closed(schema), given ?? {});
  if (problems.length > 0) throw new ParamsError(problems);
  return value;
}

/** What is wrong with the params that one pipeline gives another, as sentences: see `misfits`. */
export function wrongParams(schema: JsonSchema, given: unknown): string[] {
  return misfits(schema, given ?? {});
}

/**
 * Where a value does not fit, as sentences. It comes from a program: nothing in it stands for something else. Fields that the schema does not know may be
 * there, and numbers need not be finite, as in a plain call.
 */
export function misfits(schema: JsonSchema, given: unknown): string[] {
  const problems: string[] = [];
  const value = revive(schema, given, { path: [], root: schema, problems, isValue: true });
  const checked = valueChecker(schema).safeParse(value);
  if (!checked.success) problems.push(...checked.error.issues.flatMap((issue) => sentences(issue, given, schema)));
  return problems;
}

/** A value that comes from outside: with dates and bigints made from JSON's stand-ins, and what does not fit the schema. */
export function fitted(schema: JsonSchema, given: unknown): { value: unknown; problems: string[] } {
  const problems: string[] = [];
  const value = revive(schema, given, { path: [], root: schema, problems });
  const checked = checker(schema, schema).safeParse(value);
  if (!checked.success) problems.push(...checked.error.issues.flatMap((issue) => sentences(issue, value, schema)));
  return { value, problems };
}

function checkNone(given: unknown): undefined {
  if (given === undefined || given === null) return undefined;
  const names = typeof given === "object" ? Object.keys(given) : [];
  if (typeof given === "object" && names.length === 0) return undefined;
  throw new ParamsError([`this pipeline takes no params, got ${names.length > 0 ? names.join(", ") : show(given)}`]);
}

/** A param that the pipeline does not know is a mistake, also where its type says nothing about further fields. */
function closed(schema: JsonSchema): JsonSchema {
  if (typeof schema !== "object" || !("properties" in schema) || "additionalProperties" in schema) return schema;
  const known = closedSchemas.get(schema) ?? { ...schema, additionalProperties: false };
  closedSchemas.set(schema, known);
  return known;
}

/** The same pipeline is started many times: what is made of its schema is kept with it. */
const closedSchemas = new WeakMap<object, JsonSchema>();

type Place = {
  path: PropertyKey[];
  root: JsonSchema;
  problems: string[];
  /** It comes from a program, not from JSON. */
  isValue?: true;
};
type ExtraType = { expected: string; is(value: unknown): boolean; from?(json: unknown): unknown };

/** What JSON cannot say, by the schema's `x-type`: how to tell it, and what is made of its stand-in in JSON. */
const extraTypes = new Map<string, ExtraType>([
  ["Date", { expected: 'a date such as "2026-01-31T12:00:00Z"', is: (value) => value instanceof Date, from: dateOf }],
  ["bigint", { expected: "a whole number", is: (value) => typeof value === "bigint", from: bigintOf }],
  ["Map", { expected: "a Map (which only a program can give)", is: (value) => value instanceof Map }],
  ["Set", { expected: "a Set (which only a program can give)", is: (value) => value instanceof Set }],
  ["Artifact", { expected: "an artifact (which only a program can give)", is: isArtifact }],
  ["undefined", { expected: "undefined", is: (value) => value === undefined }],
]);

/** A copy with the stand-ins replaced, along the schema; what does not fit is left for the check. */
function revive(schema: JsonSchema | undefined, value: unknown, place: Place): unknown {
  if (typeof schema !== "object") return value;
  if (schema["x-type"] !== undefined) return reviveExtra(extraTypes.get(String(schema["x-type"])), value, place);
  if (typeof schema.$ref === "string") return revive(referred(schema.$ref, place.root), value, place);
  const branches = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (branches !== undefined) return reviveBranch(branches, value, place);
  if (Array.isArray(value)) return value.map((item, i) => revive(itemSchema(schema, i), item, inside(place, i)));
  if (place.isValue && typeof value === "number") return finite(value);
  if (!isPlain(value)) return value;
  const fields = Object.entries(value).map(([key, field]) => [
    key,
    revive(fieldSchema(schema, key), field, inside(place, key)),
  ]);
  return Object.fromEntries(fields);
}

/** The check knows finite numbers only. */
const finite = (value: number): number =>
  Number.isNaN(value) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));

function reviveExtra(extra: ExtraType | undefined, value: unknown, { path, problems, isValue }: Place): unknown {
  if (extra === undefined || extra.is(value)) return value;
  const made = isValue ? undefined : extra.from?.(value);
  if (made === undefined) problems.push(`${named(path)}expected ${extra.expected}, got ${show(value)}`);
  return made;
}

/** By the first branch that fits; a string that may be a string is not made a date. */
function reviveBranch(branches: JsonSchema[], value: unknown, place: Place): unknown {
  const isExtra = (branch: JsonSchema) => typeof branch === "object" && "x-type" in branch;
  for (const branch of branches.toSorted((a, b) => Number(isExtra(a)) - Number(isExtra(b)))) {
    const problems: string[] = [];
    const made = revive(branch, value, { ...place, problems });
    if (problems.length === 0 && checker(branch, place.root).safeParse(made).success) return made;
  }
  return value;
}

/** Definitions that a part of the schema refers to are those of the whole. */
function checker(schema: JsonSchema, root: JsonSchema): z.ZodType {
  if (schema !== root || typeof schema !== "object") return newChecker(schema, root);
  const known = checkers.get(schema) ?? newChecker(schema, root);
  checkers.set(schema, known);
  return known;
}

const checkers = new WeakMap<object, z.ZodType>();

function newChecker(schema: JsonSchema, root: JsonSchema): z.ZodType {
  const whole =
    typeof schema === "object" && typeof root === "object" && root.$defs ? { $defs: root.$defs, ...schema } : schema;
  return z.fromJSONSchema(withoutExtraTypes(whole) as Parameters<typeof z.fromJSONSchema>[0]);
}

/** Called pipelines are called again. */
function valueChecker(schema: JsonSchema): z.ZodType {
  if (typeof schema !== "object") return checker(schema, schema);
  const known = valueCheckers.get(schema) ?? checker(schema, schema);
  valueCheckers.set(schema, known);
  return known;
}

const valueCheckers = new WeakMap<object, z.ZodType>();

/** `revive` has looked at them: the check takes them as they are. */
function withoutExtraTypes(schema: Json): Json {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withoutExtraTypes);
  if (typeof schema["x-type"] === "string") return {};
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, withoutExtraTypes(part)]));
}

function referred(ref: string, root: JsonSchema): JsonSchema | undefined {
  let found: unknown = root;
  for (const key of ref.replace(/^#\/?/, "").split("/").filter(Boolean))
    found =
      typeof found === "object" && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string, unknown>)[key]
        : undefined;
  return found as JsonSchema | undefined;
}

function itemSchema(schema: { [key: string]: Json }, i: number): JsonSchema | undefined {
  const prefix = schema.prefixItems as JsonSchema[] | undefined;
  return prefix && i < prefix.length ? prefix[i] : (schema.items as JsonSchema | undefined);
}

function fieldSchema(schema: { [key: string]: Json }, key: string): JsonSchema | undefined {
  const properties = schema.properties as { [key: string]: JsonSchema } | undefined;
  return properties && Object.hasOwn(properties, key)
    ? properties[key]
    : (schema.additionalProperties as JsonSchema | undefined);
}

function dateOf(json: unknown): Date | undefined {
  const date = typeof json === "string" && /^\d{4}-\d\d/.test(json) ? new Date(json) : undefined;
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

function bigintOf(json: unknown): bigint | undefined {
  if (typeof json === "number" && Number.isSafeInteger(json)) return BigInt(json);
  return typeof json === "string" && /^-?\d+$/.test(json) ? BigInt(json) : undefined;
}

type Issue = z.core.$ZodIssue;

function sentences(issue: Issue, params: unknown, schema: JsonSchema): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField([...issue.path, key], schema));
  const given = valueAt(params, issue.path);
  if (given === undefined) return [`${named(issue.path)}missing: expected ${expectation(issue)}`];
  return [`${named(issue.path)}expected ${expectation(issue)}, got ${show(given)}`];
}

function unknownField(path: PropertyKey[], schema: JsonSchema): string {
  const known = knownFields(schema, path.slice(0, -1));
  const meant = nearest(String(path.at(-1)), known);
  const help = meant ? `: did you mean "${meant}"?` : known.length > 0 ? `: known are ${known.join(", ")}` : "";
  return `unknown param "${pathText(path)}"${help}`;
}

function knownFields(root: JsonSchema, path: PropertyKey[]): string[] {
  let schema: JsonSchema | undefined = root;
  for (const key of path)
    if (typeof schema === "object")
      schema = typeof key === "number" ? itemSchema(schema, key) : fieldSchema(schema, String(key));
  return typeof schema === "object" ? Object.keys(schema.properties ?? {}) : [];
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeNames.get(issue.expected) ?? issue.expected;
    case "invalid_value":
      return issue.values.map((value) => JSON.stringify(value)).join(" or ");
    case "invalid_union":
      return [...new Set(issue.errors.map((branch) => (branch[0] ? expectation(branch[0]) : "something else")))].join(
        " or ",
      );
    case "too_small":
      return `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    case "too_big":
      return `${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;
    default:
      return lowerFirst(issue.message);
  }
}

const typeNames = new Map<string, string>([
  ["string", "a string"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["object", "an object"],
  ["record", "an object"],
  ["array", "an array"],
  ["tuple", "an array"],
]);

const inside = (place: Place, key: PropertyKey): Place => ({ ...place, path: [...place.path, key] });

const named = (path: PropertyKey[]): string => (path.length > 0 ? `"${pathText(path)}": ` : "");

const pathText = (path: PropertyKey[]): string =>
  path.map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? String(key) : `.${String(key)}`)).join("");

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce((part: unknown, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));

const shownLength = 60;

function show(value: unknown): string {
  const text =
    typeof value === "object" && value !== null
      ? jsonText(value)
      : typeof value === "string"
        ? JSON.stringify(value)
        : String(value);
  return text.length > shownLength ? `${text.slice(0, shownLength - 1)}…` : text;
}

function jsonText(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
