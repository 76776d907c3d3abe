/** Reads the options of steps and pipelines: from the chain, from the options object, from `withOptions`. */
import { ts } from "ts-morph";
import { type Options, type TaskOptions, taskOptions } from "../model/options.ts";
import { taskOptionsSchema } from "../model/options-schema.ts";
import { type NamedPackage, namedPackages } from "../model/packages.ts";
import type { Context } from "./context.ts";
import type { OptionSource } from "./dsl.ts";
import { rules } from "./rules.ts";
import { readStatic, Unreadable } from "./static.ts";
import { unwrap } from "./symbols.ts";

/** Whose options they are: `what` is for problems, such as `the step "fit"`. */
export type Role = { kind: "step" | "pipeline"; what: string };

/** The options, and what each takes, for remedies. */
const takes: Record<keyof Options, string> = {
  name: "a text",
  project: "a text",
  tags: "a list of texts",
  type: "one of the types of a task",
  queue: "the name of a queue",
  cache: "true, or { key, ttl, scope }",
  retry: "a number of further attempts (0, 1, 2 …), or { limit, delay, factor, maxDelay, when, timedOut, lost }",
  timeLimit: 'a number of milliseconds, or "250ms", "10s", "5m", "2h", "1d"',
  priority: "a whole number",
  onFailure: '"stop", "finish" or "continue"',
  concurrency: "{ limit, key }: at most so many at once",
  rate: 'a number of starts and a span: "60/m", "1/s", "5/10s"',
  env: 'texts by name, { THREADS: "4" }',
  packages: 'a list of names of packages, each with a version where it matters: ["sharp", "canvas@3.1"]',
  secrets: "a list of names",
  resources: '{ gpu: 1, mem: "8G" }: amounts by name',
  monitor:
    '{ metrics, artifacts, models }, lists of names such as "loss/*" or of pairs of a name and the one that it has on the pipeline',
};

/** The options in the form of the graph; where one cannot be read or is wrong, a problem, and its default. Later sources win. */
export function readOptions(sources: OptionSource[], role: Role, context: Context): TaskOptions {
  const options: Record<string, unknown> = {};
  for (const source of sources) {
    const read = readOption(source, role, context);
    if (read !== undefined) options[source.name] = read.value;
  }
  return taskOptions(options, role.kind);
}

/** The option `name`, or the text that stands in its place; `undefined` where there is none. */
export function readName(sources: OptionSource[], role: Role, context: Context): string | undefined {
  const last = sources.filter(({ name }) => name === "name").at(-1);
  const value = last && readOption(last, role, context)?.value;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The packages that it names; none where the option is not there, or wrong. */
export function readPackages(sources: OptionSource[], role: Role, context: Context): NamedPackage[] {
  const last = sources.filter(({ name }) => name === "packages").at(-1);
  const value = last && readOption(last, role, context)?.value;
  return value === undefined ? [] : namedPackages(value as string[]);
}

/** An options object as sources, one for each property, so that a problem names the right place. A text is a name. */
export function sourcesOf(given: ts.Expression | undefined, role: Role, context: Context): OptionSource[] {
  if (given === undefined) return [];
  const object = unwrap(given);
  if (ts.isObjectLiteralExpression(object) && object.properties.every(isPlain))
    return object.properties.map((property) => ({
      name: (property.name as ts.Identifier | ts.StringLiteral).text,
      node: property,
      value: ts.isPropertyAssignment(property) ? property.initializer : (property.name as ts.Identifier),
    }));
  const value = attempt(() => readStatic(given, context.checker), "options", given, role, context);
  if (typeof value?.value === "string") return [{ name: "name", node: given, value: given }];
  return Object.entries((value?.value ?? {}) as object).map(([name, known]) => ({
    name,
    node: given,
    known: { value: known },
  }));
}

type Plain = ts.PropertyAssignment | ts.ShorthandPropertyAssignment;

function isPlain(property: ts.ObjectLiteralElementLike): property is Plain {
  return (
    (ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name)) ||
    ts.isShorthandPropertyAssignment(property)
  );
}

function readOption(source: OptionSource, role: Role, context: Context): { value: unknown } | undefined {
  const { name, node, value: expression } = source;
  const { problems } = context;
  if (!isOption(name)) {
    problems.report(rules.unknownOption, node, {
      option: name,
      what: capital(role.what),
      options: Object.keys(takes).join(", "),
    });
    return undefined;
  }
  const read =
    source.known ??
    (expression
      ? attempt(() => readStatic(expression, context.checker), name, node, role, context)
      : // A method without an argument.
        { value: true });
  const reason = read && wrong(name, read.value, role);
  if (reason === undefined) return read;
  problems.report(rules.badOption, expression ?? node, { option: name, what: role.what, reason, takes: takes[name] });
  return undefined;
}

const isOption = (name: string): name is keyof Options => Object.hasOwn(takes, name);

/** Why a value cannot be that option's, or `undefined` where it can. */
function wrong(name: string, value: unknown, { kind }: Role): string | undefined {
  if (value === undefined) return undefined;
  if (name === "name")
    return typeof value === "string" && value !== "" ? undefined : "it is not a text of at least one character";
  if (name === "onFailure" && kind === "step") return "it is an option of pipelines, and a step calls nothing";
  try {
    const parsed = taskOptionsSchema.safeParse(taskOptions({ [name]: value } as Options, kind));
    return parsed.success ? undefined : lowerFirst(parsed.error.issues[0]?.message ?? "it is out of range");
  } catch (error) {
    const { message } = error as Error;
    return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  }
}

function attempt(
  read: () => unknown,
  option: string,
  node: ts.Node,
  role: Role,
  context: Context,
): { value: unknown } | undefined {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const inside =
      error.node.getSourceFile() === node.getSourceFile() && error.node.pos >= node.pos && error.node.end <= node.end;
    context.problems.report(rules.dynamicOption, inside ? error.node : node, { option, what: role.what });
    return undefined;
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
