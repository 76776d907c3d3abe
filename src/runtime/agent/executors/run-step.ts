/** Runs a step's function in this process. */
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { stepContext } from "../../../model/context.ts";
import { handEncoder } from "../../../model/encoder.ts";
import { type Failure, failureOf } from "../../../model/failure.ts";
import type { Stored } from "../../../model/task.ts";
import { decodeWhole, encode } from "../../../model/value.ts";
import { atAuthorsPlace } from "./authors-place.ts";
import type { StepCall } from "./step-call.ts";
import type { BoundContext } from "./step-context.ts";

/** The encoded output is absent where the step returned nothing. */
export type StepEnd = { end: "returned"; output?: string } | { end: "threw"; failure: Failure };

type StepFunction = (input?: unknown) => unknown;

/**
 * Never rejects: whatever goes wrong on the way is the step's failure, with the author's file and line where one is known. What the pipeline's body has
 * handed on without looking into it is fetched here.
 */
export async function runStep(call: StepCall, bound: BoundContext): Promise<StepEnd> {
  const { context } = bound;
  try {
    const { module } = loaded.get(call.entry) ?? (await load(call));
    const step = stepIn(module, call);
    if (bound.isAborted()) context.signal.throwIfAborted();
    const input = call.input && inputOf(call.input, bound.load);
    const args = call.input === undefined ? [] : [input instanceof Promise ? await input : input];
    const output = await stepContext.run(context, () => step(...args));
    if (output === undefined) return { end: "returned" };
    return { end: "returned", output: encode(output, `the output of step "${call.name}"`) };
  } catch (thrown) {
    return threw(thrown, call);
  }
}

/** At once, where nothing is to be fetched. */
function inputOf(stored: Stored, load: BoundContext["load"]): unknown | Promise<unknown> {
  return "text" in stored ? decodeWhole(stored.text, load) : load(stored.blob).then((text) => decodeWhole(text, load));
}

/** A step's end by something that it threw, here or where nobody caught it. */
export function threw(thrown: unknown, call: StepCall): StepEnd {
  return { end: "threw", failure: atAuthorsPlace(failureOf(thrown), dirname(call.entry)) };
}

function stepIn(module: Entry["module"], call: StepCall): StepFunction {
  const step = module[call.export];
  if (typeof step !== "function")
    throw new TypeError(
      `the bundle of step "${call.name}" exports no function "${call.export}": compile the pipeline again`,
    );
  return step as StepFunction;
}

type Entry = { module: Record<string, unknown> };

/** By path; a look-up in Node's own cache costs more than many a step. */
const loaded = new Map<string, Entry>();

async function load(call: StepCall): Promise<Entry> {
  handEncoder();
  try {
    const entry = (await import(pathToFileURL(call.entry).href)) as Entry;
    loaded.set(call.entry, entry);
    return entry;
  } catch (thrown) {
    throw prefixed(thrown, `the module of step "${call.name}" does not load: `);
  }
}

/** The same error, its class and place kept: an author's module may throw as well as a bundle be broken. */
function prefixed(thrown: unknown, prefix: string): unknown {
  if (!(thrown instanceof Error)) return new Error(`${prefix}${failureOf(thrown).message}`);
  const { stack } = thrown;
  thrown.message = `${prefix}${thrown.message}`;
  thrown.stack = stack;
  return thrown;
}
