/**
 * The oracle: given the same order of step completions, the plain function and its graph make the same calls, with the same inputs, in the same order, up
 * to the moment they settle, and settle alike. Every completion is held, and released one per turn of the event loop, in a chosen order.
 */
import type { Chance, ChanceSource } from "../../src/model/chance.ts";
import { type CallInterceptor, callInterceptor } from "../../src/model/context.ts";
import { abortedName, errorOf } from "../../src/model/failure.ts";
import { overLimit, type SignalOptions, signalWait } from "../../src/model/signal.ts";
import { dueAt, type Timer } from "../../src/model/timer.ts";
import { encode } from "../../src/model/value.ts";
import type { Decision } from "../../src/runtime/controller/explain/decision.ts";
import { explain } from "../../src/runtime/controller/explain/explain.ts";
import type { Host } from "../../src/runtime/controller/graph/host.ts";
import { type End, type Loaded, load } from "../../src/runtime/controller/graph/load.ts";
import { graphOf, outcome, plain } from "./program.ts";

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
  const body = await plain(source, held.read);
  const called: Running = (given, ended) =>
    void callInterceptor
      .run(held.interceptor, () => body(given))
      .then(
        (value) => ended({ value }),
        (error) => ended({ error }),
      );
  return held.run(called, input, order);
}

/** The graph's trace, in one controller's life. */
export async function traceGraph(source: string, input: unknown, order: Order): Promise<Trace> {
  const held = new Held();
  return held.run(running(load(graphOf(source)), held.host), input, order);
}

/**
 * The graph's trace where the controller is stopped after every release: the graph is run anew from its beginning with the recorded releases
 * delivered again, each time one more. It explains its decisions, which changes nothing.
 */
export async function traceResumed(source: string, input: unknown, order: () => Order): Promise<Trace> {
  const recorded: string[] = [];
  for (;;) {
    const held = new Held();
    const loaded = load(graphOf(source));
    const host = { ...held.host, decide: (decision: Decision) => void explain(decision, loaded.texts) };
    const trace = await held.replay(running(loaded, host), input, recorded, order());
    if (trace !== undefined) return trace;
  }
}

/** `ended` hears of the end in the tick in which a caller's `await` would: both sides are compared at that tick. */
type Running = (input: unknown, ended: (end: End) => void) => void;

function running(loaded: Loaded, host: Host): Running {
  return (input, ended) => void loaded.run(input, host, { ended }).catch((error) => ended({ error }));
}

/** A way in which something that the body has begun may end. What has several ways, as a signal with a limit, ends in one of them. */
type Completion = { path: string; label: string; way: string; release(): void; fail(error: unknown): void };

/** More releases than any case needs: a program that goes on is cut there, on both sides alike. */
const limit = 60;

class Held {
  readonly #trace: Trace = [];
  #completions: Completion[] = [];
  #end: string | undefined;

  readonly #paths = new Set<string>();
  #begun = 0;
  #readings = 0;

  /** The graph's side: what it begins and reads is named by its path. */
  readonly host: Host = {
    call: (path, node, input) => this.#call(path, node.template as string, input),
    abort: (path, reason) => this.#abort(path, errorOf({ name: abortedName, message: reason })),
    timer: (path, timer) => refused(() => dueAt(timer, 0)) ?? this.#timer(path, timer),
    signal: (path, name, options) =>
      refused(() => signalWait(name, options)) ?? this.#signal(path, name as string, options as SignalOptions),
    chance: (path, source) => {
      if (this.#paths.has(path)) throw new Error(`two readings of chance or time are named ${path}`);
      this.#paths.add(path);
      return this.read(source);
    },
  };

  /** The plain function's side. */
  readonly interceptor: CallInterceptor = {
    call: (step, input, _, signal) => {
      const path = this.#next();
      signal?.addEventListener("abort", () => this.#abort(path, signal.reason));
      return this.#call(path, step, input);
    },
    timer: (timer) => this.#timer(this.#next(), timer) as Promise<void>,
    signal: (name, options) => this.#signal(this.#next(), name, options),
  };

  /** Chance and time, the same sequence on both sides. */
  readonly read = (source: ChanceSource): Chance => {
    this.#readings += 1;
    this.#note(`read ${source}`);
    return source === "crypto.randomUUID" ? `uuid ${this.#readings}` : this.#readings / 64;
  };

  #next(): string {
    this.#begun += 1;
    return `#${this.#begun}`;
  }

  #call(path: string, step: string, input: unknown): Promise<unknown> {
    return this.#hold(path, `${step}(${encode(input)})`, { release: () => outcome(step, input) });
  }

  #timer(path: string, timer: Timer): Promise<unknown> {
    return this.#hold(path, `timer(${encode(timer)})`, { release: () => undefined });
  }

  #signal(path: string, name: string, options?: SignalOptions): Promise<unknown> {
    const { limitMs } = signalWait(name, options);
    const limit = () => {
      throw overLimit(name, limitMs as number);
    };
    const ways = { send: () => ({ sent: name }), ...(limitMs !== undefined && { limit }) };
    return this.#hold(path, `signal(${encode(name)}, ${encode(options)})`, ways);
  }

  #hold(path: string, label: string, ways: Record<string, () => unknown>): Promise<unknown> {
    this.#note(`call ${label}`);
    return new Promise((resolve, reject) => {
      for (const [way, end] of Object.entries(ways)) {
        const release = () => {
          this.#note(`${way} ${label}`);
          try {
            resolve(end());
          } catch (error) {
            reject(error);
          }
        };
        const fail = (error: unknown) => {
          this.#note(`fail ${label}`);
          reject(error);
        };
        this.#completions.push({ path, label, way, release, fail });
      }
    });
  }

  /** It will end so, in its turn. What has ended stays as it is. */
  #abort(path: string, error: unknown): void {
    const completion = this.#completions.find((each) => each.path === path);
    if (completion === undefined || completion.way === "aborted") return;
    this.#note(`abort ${completion.label}`);
    completion.way = "aborted";
    completion.release = () => completion.fail(error);
  }

  async run(body: Running, input: unknown, order: Order): Promise<Trace> {
    this.#start(body, input);
    for (let releases = 0; ; releases += 1) {
      await drained();
      if (this.#end !== undefined || this.#completions.length === 0 || releases >= limit) return this.#ended();
      this.#release(order(this.#completions.length));
    }
  }

  /** Delivers what was recorded, and one completion more, which it records; gives the trace once the body has ended. */
  async replay(body: Running, input: unknown, recorded: string[], order: Order): Promise<Trace | undefined> {
    this.#start(body, input);
    for (const path of recorded) {
      await drained();
      const index = this.#completions.findIndex((completion) => nameOf(completion) === path);
      if (index < 0) throw new Error(`after a resume, ${path} had not begun when its recorded end came`);
      order(this.#completions.length); // a chosen order goes on as it would have
      this.#release(index);
    }
    await drained();
    if (this.#end !== undefined || this.#completions.length === 0 || recorded.length >= limit) return this.#ended();
    // A fresh order is at the same point in every life, so its choice is the one of an uninterrupted run.
    const index = order(this.#completions.length);
    recorded.push(nameOf(this.#completions[index] as Completion));
    return undefined;
  }

  #start(body: Running, input: unknown): void {
    body(input, (end) => this.#settle("error" in end ? `throw ${describe(end.error)}` : `return ${textOf(end.value)}`));
  }

  #release(index: number): void {
    const [completion] = this.#completions.splice(index, 1) as [Completion];
    this.#completions = this.#completions.filter(({ path }) => path !== completion.path);
    completion.release();
  }

  #settle(end: string): void {
    this.#note(end);
    this.#end ??= end;
  }

  #note(line: string): void {
    if (this.#end === undefined) this.#trace.push(line);
  }

  #ended(): Trace {
    return this.#end === undefined ? [...this.#trace, "never settled"] : this.#trace;
  }
}

const nameOf = ({ path, way }: Completion): string => `${way} ${path}`;

/** What the body gave is wrong: the promise rejects, as in a run. */
function refused(check: () => unknown): Promise<never> | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return Promise.reject(error);
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
