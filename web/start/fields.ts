/** Params as fields, made from their JSON Schema: what is entered stays text until it is sent. */
import type { JsonSchema } from "../../src/model/template.ts";

export type Field = {
  /** From the params on: `settings.depth`. */
  path: string;
  name: string;
  isWanted: boolean;
  hint: string;
  /** As it would be entered. */
  byDefault: string;
} & (
  | { kind: "number" | "integer"; least: number | undefined; most: number | undefined }
  | { kind: "text" }
  | { kind: "choice"; choices: readonly unknown[] }
  | { kind: "json" }
  | { kind: "group"; fields: readonly Field[]; whole: Values }
);

/** By the path of the field; empty or not there: left to the default. */
export type Entered = Readonly<Record<string, string>>;
export type Values = { readonly [name: string]: unknown };

export const fieldsOf = (schema: JsonSchema | undefined): Field[] =>
  fieldsIn(schema, { path: "", whole: {}, isWanted: true });

/** `whole`: its default. What need not be there needs nothing in it. */
type Around = { path: string; whole: Values; isWanted: boolean };

function fieldsIn(schema: unknown, around: Around): Field[] {
  const { properties = {}, required = [] } = partsOf(schema) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, of]) => {
    const path = around.path === "" ? name : `${around.path}.${name}`;
    const byDefault = around.whole[name] ?? partsOf(of).default;
    const isWanted = around.isWanted && required.includes(name) && byDefault === undefined;
    return { ...fieldOf(partsOf(of), path, byDefault, isWanted), path, name, isWanted } as Field;
  });
}

function fieldOf(schema: Values, path: string, given: unknown, isWanted: boolean) {
  const { type, description, minimum: least, maximum: most } = schema;
  const choices = choicesIn(schema);
  const hints = (...more: (string | undefined)[]) => [description, ...more].filter(Boolean).join(" · ");
  const common = (kind: string, ...more: (string | undefined)[]) => ({
    kind,
    hint: hints(...more),
    byDefault: textOf(kind, given),
  });
  if (choices) return { ...common("choice"), choices };
  if (schema["x-type"] === "Date") return common("text", "a date, such as 2026-01-31T12:00:00Z");
  if (schema["x-type"] === "bigint") return common("text", "a whole number");
  if (type === "number" || type === "integer") return { ...common(type, rangeOf(schema)), least, most };
  if (type === "string") return common("text");
  if (type === "object" && schema.properties !== undefined && schema["x-type"] === undefined) {
    const whole = isValues(given) ? given : {};
    return { ...common("group"), fields: fieldsIn(schema, { path, whole, isWanted }), whole };
  }
  return common("json", `${wordsOf(schema)}, as JSON`);
}

/** The fields as they are when a run with those params is started again. */
export function enteredOf(fields: readonly Field[], given: unknown): Entered {
  const values = isValues(given) ? given : {};
  return Object.assign(
    {},
    ...fields.map((field) => {
      const value = values[field.name];
      if (value === undefined) return {};
      return field.kind === "group" ? enteredOf(field.fields, value) : { [field.path]: textOf(field.kind, value) };
    }),
  );
}

/** The params as JSON. Throws an Error that names the field which is none. */
export function valuesOf(fields: readonly Field[], entered: Entered): Values {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = entryOf(field, entered);
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

function entryOf(field: Field, entered: Entered): unknown {
  if (field.kind === "group") {
    const inner = valuesOf(field.fields, entered);
    const isEmpty = Object.keys(inner).length === 0;
    // What is left empty in it stays as its own default says.
    return isEmpty && !field.isWanted ? undefined : { ...field.whole, ...inner };
  }
  const text = entered[field.path] ?? "";
  if (field.kind === "text") return text === "" && !field.isWanted ? undefined : text;
  if (text === "") return undefined;
  const problem = problemIn(field, text);
  if (problem) throw new Error(`${field.path}: ${problem}`);
  return JSON.parse(text);
}

/** What is wrong with it before the pipeline's schema has a say. */
export function problemIn({ kind }: Field, text: string): string | undefined {
  if (kind === "text" || kind === "group" || text === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return "this is no JSON; text stands in double quotes, and so do names of fields";
  }
}

function textOf(kind: string, value: unknown): string {
  if (value === undefined) return "";
  if (value instanceof Date) return kind === "text" ? value.toISOString() : JSON.stringify(value);
  if (typeof value === "bigint") return String(value);
  if (kind === "text") return String(value);
  return JSON.stringify(value, null, kind === "json" ? 2 : 0);
}

function choicesIn({ type, enum: listed, anyOf }: Values): readonly unknown[] | undefined {
  if (type === "boolean") return [true, false];
  if (Array.isArray(listed)) return listed;
  const branches = Array.isArray(anyOf) ? anyOf : [];
  return branches.length > 0 && branches.every((branch) => isValues(branch) && "const" in branch)
    ? branches.map((branch: Values) => branch.const)
    : undefined;
}

function rangeOf({ minimum, maximum }: Values): string | undefined {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return minimum !== undefined ? `at least ${minimum}` : maximum !== undefined ? `at most ${maximum}` : undefined;
}

const names: Record<string, string> = {
  ...{ string: "text", number: "a number", integer: "a whole number", boolean: "true or false", null: "null" },
  ...{ object: "an object", array: "a list" },
};

/** `text or a number`, `a list, each item text`. */
function wordsOf(schema: Values): string {
  const { type, anyOf, items } = schema;
  if ("const" in schema) return JSON.stringify(schema.const);
  const branches = Array.isArray(anyOf) ? anyOf : Array.isArray(type) ? type.map((one) => ({ type: one })) : undefined;
  if (branches) return [...new Set(branches.map((branch) => wordsOf(partsOf(branch))))].join(" or ");
  if (type === "array" && isValues(items)) return `a list, each item ${wordsOf(items)}`;
  return names[String(type)] ?? "a value";
}

/** A schema may be `true`. */
const partsOf = (schema: unknown): Values => (isValues(schema) ? schema : {});

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
