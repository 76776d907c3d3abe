/** A body that waits for nothing, as text: what it gives when it is run as the function it is, and as the graph that it compiles to. */
import { inspect } from "node:util";
import { ts } from "ts-morph";
import { load } from "../../src/runtime/controller/graph/load.ts";
import { lowered } from "../compiler/lower/harness.ts";

/** `statements` stand in an `async function body(params: any)` and return a list; a text for each of its items. */
export type Evaluated = { native: string[]; ours: string[] };

export async function evaluated(statements: string, params: () => unknown = () => undefined): Promise<Evaluated> {
  const source = sourceOf(statements);
  const ours = load(graphOf(source)).run(params(), { call: async () => undefined }) as Promise<unknown[]>;
  return { native: await natively(statements, params()), ours: await texts(await ours) };
}

export async function natively(statements: string, params?: unknown): Promise<string[]> {
  const body = await nativeBody(sourceOf(statements));
  return texts(await body(params));
}

/** A list of expressions, each caught on its own. */
export const caught = (expressions: readonly string[]): string =>
  `return [${expressions.map((expression) => `() => ${expression}`).join(",\n")}].map((f: any) => { try { return [f()]; } catch (e) { return e; } });`;

const sourceOf = (statements: string) => `async function body(params: any): Promise<unknown[]> { ${statements} }`;

function graphOf(source: string) {
  const { graph, problems } = lowered(source);
  if (problems.length > 0) throw new Error(problems.map(({ number, message }) => `${number} ${message}`).join("\n"));
  return graph;
}

async function nativeBody(source: string): Promise<(params: unknown) => Promise<unknown[]>> {
  const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(`export default ${source}`, { compilerOptions });
  return (await import(`data:text/javascript,${encodeURIComponent(outputText)}`)).default;
}

const texts = (values: unknown[]): Promise<string[]> => Promise.all(values.map(text));

/**
 * Tells any two values apart: -0 from 0, a hole from undefined. Iterators are shown by what they give, promises by what they come to. Of functions
 * only that they are functions: what they are called is a member to be asked for.
 */
async function text(value: unknown): Promise<string> {
  if (value instanceof Error) return thrown(value);
  return inspect(await plain(value), { depth: 8, maxArrayLength: 300 }).replace(/\n +at .*/g, "");
}

async function plain(value: unknown): Promise<unknown> {
  if (value instanceof Promise) return settled(value);
  if (value instanceof Error) return [thrown(value), Object.entries(value)];
  if (typeof value === "function") return "a function";
  if (Array.isArray(value) && value.some(isReference)) return Promise.all(Array.from(value, plain));
  if (typeof (value as { next?: unknown } | undefined)?.next === "function") return given(value as Iterable<unknown>);
  return value;
}

const isReference = (value: unknown): boolean =>
  value !== null && (typeof value === "object" || typeof value === "function");

function settled(promise: Promise<unknown>): Promise<unknown> {
  const pending = new Promise((resolve) => setImmediate(resolve, "pending"));
  return Promise.race([promise.then((result) => plain({ result }), thrown), pending]);
}

function given(iterator: Iterable<unknown>): unknown {
  try {
    return [...iterator];
  } catch (error) {
    return thrown(error);
  }
}

/** What the engine itself says is compared by its class. */
function thrown(error: unknown): string {
  if (!(error instanceof Error)) return `throws ${inspect(error)}`;
  const isEngines = error instanceof TypeError || error.name === "DataCloneError";
  return isEngines ? `throws ${error.name}` : `throws ${error.name}: ${error.message}`;
}
