/**
 * A program for the oracle: an `async function body(input)` as TypeScript text, or a class with a method `run`, over a few steps and the pipelines that it
 * declares. It is run as the function it is, and as the graph that it compiles to.
 */
import { ts } from "ts-morph";
import { detach, pipeline, signal, sleep, sleepUntil, start, step } from "../../src/dsl/index.ts";
import type { Chance, ChanceSource } from "../../src/model/chance.ts";
import type { Graph } from "../../src/model/pipeline.ts";
import { lowered } from "../compiler/lower/harness.ts";
import * as helpers from "./helpers.ts";

export type Body = (input: unknown) => Promise<unknown>;
/** Reads a source of chance or time. */
export type Read = (source: ChanceSource) => Chance;

export const steps = ["a", "b", "c", "fit", "late"] as const;

/** An author's own class of errors, as steps throw it. */
export class NotReady extends RangeError {}

/** What a step comes to: pure, so that both runs get the same. */
export function outcome(step: string, input: unknown): unknown {
  const n = typeof input === "number" ? input : ((input as { n?: number } | undefined)?.n ?? 0);
  if (step === "a") return n + 1;
  if (step === "b") return { n: n * 2, list: [n, n + 1, n + 2], ok: n % 3 !== 0 };
  if (step === "fit") return { accuracy: Math.min(0.5 + n / 10, 1), n };
  if (step === "late" && n % 2 === 0) throw new NotReady(`not ready: ${n}`, { cause: new TypeError("early") });
  if (step === "c" && n % 2 === 1) throw new RangeError(`odd: ${n}`);
  return { n };
}

/** Its steps, timers and signals are those of `reprise`, and go to whoever intercepts its call. */
export async function plain(source: string, read: Read): Promise<Body> {
  const make = await made(source);
  return make({ ...declared, ...words, ...sources(read), helpers });
}

export const graphOf = latest((source): { graph: Graph; pipelines: Record<string, Graph> } => {
  const { graph, pipelines, problems } = lowered(source);
  if (problems.length > 0)
    throw new Error(problems.map((p) => `${p.number} ${p.place} ${p.message}\n${p.frame}`).join("\n"));
  return { graph, pipelines };
});

const made = latest(async (source): Promise<(names: Names) => Body> => {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  const names = [...steps, ...Object.keys(words), "Date", "Math", "crypto", "performance"];
  const inside = outputText.replace(/^import (\{.*\}) from ".\/helpers.ts";$/gm, "const $1 = names.helpers;");
  const body = /\basync run\(/.test(inside) ? "(input) => new Program().run(input)" : "body";
  const module = `export default (names) => { const { ${names.join(", ")} } = names;\n${inside}\nreturn ${body}; }`;
  const { default: make } = await import(`data:text/javascript,${encodeURIComponent(module)}`);
  return make as (names: Names) => Body;
});

type Names = Record<string, unknown>;

/** Never run: whoever intercepts their calls says what they come to. */
const declared: Names = Object.fromEntries(steps.map((name) => [name, step({ name }, async () => {})]));
const words: Names = { step, pipeline, sleep, sleepUntil, signal, start, detach, NotReady };

const named = (name: string, fn: () => unknown) => Object.defineProperty(fn, "name", { value: name });

/** The globals that chance and time are read from. */
function sources(read: Read): Names {
  class RecordedDate extends Date {
    static override now = () => read("Date.now") as number;

    constructor(...given: []) {
      super(...(given.length === 0 ? ([RecordedDate.now()] as unknown as []) : given));
    }
  }
  return {
    Date: RecordedDate,
    Math: Object.create(Math, { random: { value: named("random", () => read("Math.random")) } }),
    crypto: { randomUUID: () => read("crypto.randomUUID") },
    performance: { now: () => read("performance.now") },
  };
}

/** A program is run many times in a row. */
function latest<T>(make: (source: string) => T): (source: string) => T {
  let known: { source: string; made: T } | undefined;
  return (source) => {
    if (known?.source !== source) known = { source, made: make(source) };
    return known.made;
  };
}
