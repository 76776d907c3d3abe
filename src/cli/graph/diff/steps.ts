/** What changed in the steps, the options and the params of two pipelines, in words. */
import type { TaskOptions } from "../../../model/options.ts";
import type { Definition } from "../../../model/pipeline.ts";
import type { JsonSchema, Template } from "../../../model/template.ts";

/** Of one step that both have; empty where nothing that a run would see changed. */
export function compareTemplates(name: string, a: Template, b: Template): string[] {
  const about = `~ the ${b.kind === "pipeline" ? "pipeline" : "step"} ${name}:`;
  const options = compareOptions(a.options, b.options);
  if (a.kind !== "code" || b.kind !== "code")
    return [...(a.kind === b.kind ? [] : [`${a.kind} → ${b.kind}`]), ...options].map((words) => `${about} ${words}`);
  return [
    ...(a.bundle === b.bundle && a.export === b.export ? [] : ["its code changed"]),
    ...options,
    ...(equal(a.input, b.input) ? [] : ["what it takes changed", ...compareFields(a.input, b.input)]),
    ...(equal(a.output, b.output) ? [] : ["what it gives changed", ...compareFields(a.output, b.output)]),
  ].map((words) => `${about} ${words}`);
}

export function compareOptions(a: Partial<TaskOptions>, b: Partial<TaskOptions>): string[] {
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])]
    .filter((key) => !equal(x[key], y[key]))
    .map((key) => `${key} ${show(x[key])} → ${show(y[key])}`);
}

export function compareParams(a: Definition, b: Definition): string[] {
  return compareFields(a.params, b.params).map((words) => `~ params: ${words}`);
}

/** Of two schemas of objects. */
function compareFields(a: JsonSchema | undefined, b: JsonSchema | undefined): string[] {
  const [x, y] = [fieldsOf(a), fieldsOf(b)];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].flatMap((key) => {
    if (!Object.hasOwn(x, key)) return [`${key} added (${show(y[key])})`];
    if (!Object.hasOwn(y, key)) return [`${key} removed`];
    return equal(x[key], y[key]) ? [] : [`${key} ${show(x[key])} → ${show(y[key])}`];
  });
}

function fieldsOf(schema: JsonSchema | undefined): Record<string, unknown> {
  const properties = typeof schema === "object" ? schema.properties : undefined;
  return typeof properties === "object" && properties !== null ? (properties as Record<string, unknown>) : {};
}

const longest = 60;

function show(value: unknown): string {
  if (value === undefined) return "none";
  const text = JSON.stringify(value, null, 1)
    .replace(/\s*\n\s*/g, " ")
    .replace(/"(\w+)":/g, "$1:");
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
