/** Templates: `template<In, Out>({ project, name })`, a task of the store as a step. What it takes and gives are its type arguments. */
import type { ts } from "ts-morph";
import { type TaskOptions, taskOptions } from "../model/options.ts";
import type { JsonSchema, TaskTemplate } from "../model/template.ts";
import type { Context } from "./context.ts";
import type { OptionSource } from "./dsl.ts";
import { readOptions, sourcesOf } from "./options.ts";
import { rules } from "./rules.ts";
import { schemaOf } from "./schema/schema.ts";
import { readStatic, Unreadable } from "./static.ts";
import type { UsedStep } from "./steps.ts";

export type DescribedTemplate = {
  task: TaskTemplate["task"];
  overrides: Partial<TaskOptions>;
  schemas: { input?: JsonSchema; output?: JsonSchema };
};

/** `withOptions` overrides what the template itself says. */
export function describeTemplate({ template, declared, options }: UsedStep, context: Context): DescribedTemplate {
  const what = `the template "${template}"`;
  const role = { kind: "step", what } as const;
  const given = sourcesOf(declared.given, role, context);
  const task = taskOf(given, declared.call, what, context);
  const own = given.filter(({ name }) => !referring.has(name));
  for (const { name, node } of [...own, ...options])
    if (name === "packages") context.problems.report(rules.badOption, node, { option: name, what, ...hasCode });
  return {
    task,
    overrides: overridesIn([...own, ...options], what, context),
    schemas: schemasOf(declared.call, what, context),
  };
}

const hasCode = { reason: "the task has its code already", takes: "what a step of your own needs" };
const referring = new Set(["id", "name", "project"]);

function taskOf(given: OptionSource[], call: ts.Node, what: string, context: Context): TaskTemplate["task"] {
  const read = (name: string) => readText({ source: given.find((source) => source.name === name), what, context });
  const [id, name, project] = [read("id"), read("name"), read("project")];
  if (!id && name === "") context.problems.report(rules.whichTask, call, { what });
  return id ? { id } : { ...(project && { project }), name: name ?? "" };
}

/** Empty where there is none, or no text; `undefined` after a problem. */
function readText(asked: { source: OptionSource | undefined; what: string; context: Context }): string | undefined {
  const { source, what, context } = asked;
  if (source === undefined) return "";
  try {
    const value = source.known ? source.known.value : source.value && readStatic(source.value, context.checker);
    return typeof value === "string" ? value : "";
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    context.problems.report(rules.dynamicOption, source.node, { option: source.name, what });
    return undefined;
  }
}

/** Only those that were written: the others are the task's own. */
function overridesIn(sources: OptionSource[], what: string, context: Context): Partial<TaskOptions> {
  const whole = readOptions(sources, { kind: "step", what }, context);
  const written = new Set(sources.map(({ name }) => (name === "timeLimit" ? "timeLimitMs" : name)));
  const plain = taskOptions({}, "step");
  return Object.fromEntries(
    Object.entries(whole).filter(([name]) => written.has(name) || !(name in plain)),
  ) as Partial<TaskOptions>;
}

function schemasOf(call: ts.Node, what: string, context: Context): DescribedTemplate["schemas"] {
  const { checker } = context;
  const signature = checker.getTypeAtLocation(call).getCallSignatures()[0];
  const parameter = signature?.getParameters()[0];
  const output = signature && checker.getAwaitedType(signature.getReturnType());
  const describe = (type: ts.Type, part: string) => schemaOf(type, { context, node: call, what: `${part} of ${what}` });
  return {
    ...(parameter && { input: describe(checker.getTypeOfSymbolAtLocation(parameter, call), "the input") }),
    ...(output && { output: describe(output, "the output") }),
  };
}
