/**
 * A program for the oracle: an `async function body(input)` as TypeScript text, over a few steps. It is run as the function it is, and as the graph that it
 * compiles to.
 */
import { ts } from "ts-morph";
import type { Graph } from "../../src/model/pipeline.ts";
import { lowered } from "../compiler/lower/harness.ts";

export type Body = (input: unknown) => Promise<unknown>;
/** Starts a step. */
export type Call = (step: string, input: unknown) => Promise<unknown>;

export const steps = ["a", "b", "c", "fit"] as const;

/** What a step comes to: pure, so that both runs get the same. */
export function outcome(step: string, input: unknown): unknown {
  const n = typeof input === "number" ? input : ((input as { n?: number } | undefined)?.n ?? 0);
  if (step === "a") return n + 1;
  if (step === "b") return { n: n * 2, list: [n, n + 1, n + 2], ok: n % 3 !== 0 };
  if (step === "fit") return { accuracy: Math.min(0.5 + n / 10, 1), n };
  if (n % 2 === 1) throw new RangeError(`odd: ${n}`);
  return { n };
}

export async function plain(source: string, call: Call): Promise<Body> {
  const make = await made(source);
  return make(call);
}

export const graphOf = latest((source): Graph => {
  const { graph, problems } = lowered(source);
  if (problems.length > 0)
    throw new Error(problems.map((p) => `${p.number} ${p.place} ${p.message}\n${p.frame}`).join("\n"));
  return graph;
});

const made = latest(async (source): Promise<(call: Call) => Body> => {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  });
  const module = `export default (call) => { const [${steps.join(",")}] = ${JSON.stringify(steps)}.map((step) => (input) => call(step, input));\n${outputText}\nreturn body; }`;
  const { default: make } = await import(`data:text/javascript,${encodeURIComponent(module)}`);
  return make as (call: Call) => Body;
});

/** A program is run many times in a row. */
function latest<T>(make: (source: string) => T): (source: string) => T {
  let known: { source: string; made: T } | undefined;
  return (source) => {
    if (known?.source !== source) known = { source, made: make(source) };
    return known.made;
  };
}
