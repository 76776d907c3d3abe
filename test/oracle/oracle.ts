/**
 * The oracle: given the same order of step completions, the plain function and its graph make the same calls, with the same inputs, in the same order, up
 * to the moment they settle, and settle alike. Every completion is held, and released one per turn of the event loop, in a chosen order.
 */
import { encode } from "../../src/model/value.ts";
import { load } from "../../src/runtime/controller/graph/load.ts";
import { type Body, type Call, graphOf, outcome, plain } from "./program.ts";

/** Chooses the next of the held completions to release: an index below `held`. */
export type Order = (held: number) => number;

export const orders: Record<string, () => Order> = {
  "first in first": () => () => 0,
  "last in first": () => (held) => held - 1,
  "random 1": () => random(1),
  "random 2": () => random(2),
};

export function random(seed: number): Order {
  let state = seed;
  return (held) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * held);
  };
}

/** What was seen, in order: calls with their inputs, releases, and the end. */
export type Trace = string[];

/** The plain function's trace. */
export async function tracePlain(source: string, input: unknown, order: Order): Promise<Trace> {
  const held = new Held();
  return held.run(await plain(source, held.call), input, order);
}

/** The graph's trace, in one controller's life. */
export async function traceGraph(source: string, input: unknown, order: Order): Promise<Trace> {
  const held = new Held();
  return held.run(compiled(source, held.call), input, order);
}

/**
 * The graph's trace where the controller is stopped after every release: the graph is run anew from its beginning with the recorded releases
 * delivered again, each time one more.
 */
export async function traceResumed(source: string, input: unknown, order: () => Order): Promise<Trace> {
  const recorded: string[] = [];
  for (;;) {
    const held = new Held();
    const trace = await held.replay(compiledByPath(source, held.callAt), input, recorded, order());
    if (trace !== undefined) return trace;
  }
}

function compiled(source: string, call: Call): Body {
  const loaded = load(graphOf(source));
  return (input) => loaded.run(input, { call: (_, node, value) => call(node.template as string, value) });
}

function compiledByPath(source: string, call: (path: string, step: string, input: unknown) => Promise<unknown>): Body {
  const loaded = load(graphOf(source));
  return (input) => loaded.run(input, { call: (path, node, value) => call(path, node.template as string, value) });
}

type Completion = { path: string; label: string; release(): void };

/** More releases than any case needs: a program that goes on is cut there, on both sides alike. */
const limit = 200;

class Held {
  readonly #trace: Trace = [];
  readonly #completions: Completion[] = [];
  #end: string | undefined;

  call: Call = (step, input) => this.callAt(`#${this.#trace.length}`, step, input);

  callAt = (path: string, step: string, input: unknown): Promise<unknown> => {
    const label = `${step}(${encode(input)})`;
    this.note(`call ${label}`);
    return new Promise((resolve, reject) => {
      const release = () => {
        this.note(`release ${label}`);
        try {
          resolve(outcome(step, input));
        } catch (error) {
          reject(error);
        }
      };
      this.#completions.push({ path, label, release });
    });
  };

  async run(body: Body, input: unknown, order: Order): Promise<Trace> {
    this.start(body, input);
    for (let turn = 0; turn < limit; turn += 1) {
      await drained();
      if (this.#end !== undefined || this.#completions.length === 0) break;
      this.release(order(this.#completions.length));
    }
    return this.ended();
  }

  /** Delivers what was recorded, and one completion more, which it records; gives the trace once the body has ended. */
  async replay(body: Body, input: unknown, recorded: string[], order: Order): Promise<Trace | undefined> {
    this.start(body, input);
    for (const path of recorded) {
      await drained();
      const index = this.#completions.findIndex((completion) => completion.path === path);
      if (index < 0) throw new Error(`after a resume, ${path} was not called when its recorded end came`);
      order(this.#completions.length); // a chosen order goes on as it would have
      this.release(index);
    }
    await drained();
    if (this.#end !== undefined || this.#completions.length === 0 || recorded.length >= limit) return this.ended();
    // A fresh order is at the same point in every life, so its choice is the one of an uninterrupted run.
    const index = order(this.#completions.length);
    recorded.push((this.#completions[index] as Completion).path);
    return undefined;
  }

  private start(body: Body, input: unknown): void {
    body(input).then(
      (value) => this.settle(`return ${textOf(value)}`),
      (error) => this.settle(`throw ${describe(error)}`),
    );
  }

  private release(index: number): void {
    const [completion] = this.#completions.splice(index, 1);
    completion?.release();
  }

  private settle(end: string): void {
    this.note(end);
    this.#end = end;
  }

  private note(line: string): void {
    if (this.#end === undefined) this.#trace.push(line);
  }

  private ended(): Trace {
    return this.#end === undefined ? [...this.#trace, "never settled"] : this.#trace;
  }
}

/** One turn of the event loop: every microtask has run. */
const drained = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Messages of TypeErrors and ReferenceErrors are the engine's own: only their class counts. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return textOf(error);
  const own = error.name !== "TypeError" && error.name !== "ReferenceError";
  return own ? `${error.name}: ${error.message}` : error.name;
}

function textOf(value: unknown): string {
  try {
    return encode(value);
  } catch (error) {
    return (error as Error).name;
  }
}
