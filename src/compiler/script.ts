/**
 * Scripts: programs that make themselves tasks. A script is bundled as a whole, and its parameters are known without running it: by the types and the
 * values of what it gives to `task.connect(…)`.
 */
import { ts } from "ts-morph";
import type { Bundle } from "../model/bundle.ts";
import type { Json } from "../model/json.ts";
import type { JsonSchema } from "../model/template.ts";
import { startBundler } from "./build.ts";
import { bundleScript } from "./bundle.ts";
import type { Context } from "./context.ts";
import { DataFiles } from "./data-files.ts";
import { type Loaded, reportTypeErrors } from "./load.ts";
import { filesOf, open } from "./open.ts";
import { relativePath } from "./problem.ts";
import { schemaOf } from "./schema/schema.ts";
import { readStatic, Unreadable } from "./static.ts";

export type Script = {
  /** The file, relative to its project's folder. */
  entry: string;
  bundle: Bundle;
  /** Of its parameters; absent where it connects none, or where what it connects is known only when it runs. */
  input?: JsonSchema;
  /** The values that it connects, as far as they are known before it runs. */
  defaults: { [name: string]: Json };
};

/** `lookedFor` are files that would have changed the result had they been there. */
export type FreshScript = { script: Script; files: string[]; lookedFor: string[] };

/** `file` is absolute. Rejects with a CompileError. */
export async function compileScriptFresh(file: string): Promise<FreshScript> {
  startBundler();
  const { loaded, context } = open(file);
  const connected = connections(loaded, context);
  reportTypeErrors(loaded, context.problems);
  context.problems.throwIfAny();
  const { owned, conditions, entry } = loaded;
  const sources = { owned, data: new DataFiles(owned), conditions, root: context.root };
  const bundled = await bundleScript(entry, sources, context);
  context.problems.throwIfAny();
  const { bundle, files } = bundled!;
  return {
    script: { entry: relativePath(context.root, entry.fileName), bundle, ...parametersOf(connected) },
    ...filesOf(loaded, files),
  };
}

/** What one call connects: under a field of that name, where it has one. */
type Connection = { name?: string; schema: JsonSchema; defaults: { [name: string]: Json } };

/** `undefined` where a script connects something whose name is not known. */
function connections({ owned }: Loaded, context: Context): Connection[] | undefined {
  const found: (Connection | undefined)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isConnect(node, context)) found.push(connection(node, context));
    ts.forEachChild(node, visit);
  };
  for (const source of owned) if (source.text.includes("connect")) visit(source);
  return found.every((each) => each !== undefined) ? found : undefined;
}

function isConnect({ expression }: ts.CallExpression, { checker, dsl }: Context): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === "connect" &&
    dsl.typeName(checker.getTypeAtLocation(expression.expression)) === "RunningTask"
  );
}

function connection(call: ts.CallExpression, context: Context): Connection | undefined {
  const { checker } = context;
  const [given, named] = call.arguments;
  const promised = checker.getResolvedSignature(call)?.getReturnType();
  const type = promised && checker.getAwaitedType(promised);
  const name = named && known(named, checker);
  if (given === undefined || type === undefined || (named && typeof name !== "string")) return undefined;
  return {
    ...(typeof name === "string" && { name }),
    schema: withoutRequired(schemaOf(type, { context, node: given, what: "what the script connects" })),
    defaults: defaultsOf(given, checker),
  };
}

/** Each field that is written there; the others are known when the script runs. */
function defaultsOf(given: ts.Expression, checker: ts.TypeChecker): { [name: string]: Json } {
  const whole = known(given, checker);
  if (typeof whole === "object" && whole !== null && !Array.isArray(whole)) return whole;
  if (!ts.isObjectLiteralExpression(given)) return {};
  return Object.fromEntries(
    given.properties.flatMap((property) => {
      if (!ts.isPropertyAssignment(property) || ts.isComputedPropertyName(property.name)) return [];
      const value = known(property.initializer, checker);
      return value === undefined ? [] : [[property.name.text, value] as const];
    }),
  );
}

function known(expression: ts.Expression, checker: ts.TypeChecker): Json | undefined {
  try {
    const text = JSON.stringify(readStatic(expression, checker));
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Whatever is left out keeps its default. */
function withoutRequired(schema: JsonSchema): JsonSchema {
  if (typeof schema === "boolean") return schema;
  const { required: _, ...others } = schema;
  return others;
}

function parametersOf(connected: Connection[] | undefined): Pick<Script, "input" | "defaults"> {
  if (connected === undefined) return { defaults: {} };
  const properties: { [name: string]: JsonSchema } = {};
  const definitions: { [name: string]: Json } = {};
  const defaults: { [name: string]: Json } = {};
  for (const { name, schema: whole, defaults: own } of connected) {
    if (typeof whole === "boolean" || whole.type !== "object") return { defaults: {} };
    // Parts of a schema refer to definitions of the whole.
    const { $defs, ...schema } = whole;
    Object.assign(definitions, $defs);
    if (name === undefined) {
      Object.assign(properties, schema.properties);
      Object.assign(defaults, own);
    } else {
      properties[name] = joined(properties[name], schema);
      if (Object.keys(own).length > 0) defaults[name] = { ...(defaults[name] as object), ...own };
    }
  }
  const $defs = Object.keys(definitions).length > 0 && { $defs: definitions };
  return { ...(connected.length > 0 && { input: { type: "object", properties, ...$defs } }), defaults };
}

/** What is connected under one name, in as many calls as it likes, is known like the parameters themselves: no other field is one of them. */
function joined(before: JsonSchema | undefined, schema: JsonSchema & object): JsonSchema {
  const known = typeof before === "object" ? before : {};
  const properties = { ...(known.properties as object), ...(schema.properties as object) };
  return { additionalProperties: false, ...known, ...schema, properties };
}
