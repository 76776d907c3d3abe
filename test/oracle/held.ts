/**
 * What a program has begun is held here, until it is released: calls of steps and of pipelines, timers, signals. Both sides speak to it, the plain function
 * as its interceptor and the graph as its host, and it notes what it hears.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Chance, ChanceSource } from "../../src/model/chance.ts";
import { type CallInterceptor, callInterceptor } from "../../src/model/context.ts";
import { abortedName, errorOf, failureOf, withoutStack } from "../../src/model/failure.ts";
import type { CallNode } from "../../src/model/node.ts";
import { overLimit, type SignalOptions, signalWait } from "../../src/model/signal.ts";
import { dueAt, type Timer } from "../../src/model/timer.ts";
import { decode, encode } from "../../src/model/value.ts";
import type { Host } from "../../src/runtime/controller/graph/host.ts";
import type { End } from "../../src/runtime/controller/graph/load.ts";
import type { Order } from "./order.ts";
import { outcome, steps } from "./program.ts";

/** What was seen, in order: calls with their inputs, releases, and the end. */
export type Trace = string[];

/** A run: of the program, or of a pipeline that it calls. What has been begun in it is named by its path. */
export type Run = { path: string; caller?: Run; ended: boolean; readings: number };

/** `ended` hears of the end in the tick in which a caller's `await` would: both sides are compared at that tick. */
export type Running = (input: unknown, run: Run, ended: (end: End) => void) => void;

/** A way in which something that the body has begun may end. What has several ways, as a signal with a limit, ends in one of them. */
type Completion = { run: Run; path: string; label: string; way: string; release(): void; fail(error: unknown): void };

/** More releases than any case needs: a program that goes on is cut there, on both sides alike. */
const limit = 60;

export class Held {
  #trace: { run: Run; line: string }[] = [];
  #completions: Completion[] = [];
  /** How many lines there were at the end of the turn before. */
  #before = 0;
  #end: string | undefined;

  readonly #root: Run = { path: "", ended: false, readings: 0 };
  readonly #paths = new Set<string>();
  readonly #runs = new WeakMap<CallInterceptor, Run>();
  #begun = 0;

  /** The graph's side: what it begins and reads is named by its path. A run gives and gets copies, and errors as data. */
  host(run: Run, pipeline: (name: string) => Running): Host {
    const inside = (path: string) => `${run.path}${path}`;
    return {
      call: (path, { template }: CallNode, input) =>
        steps.some((name) => name === template)
          ? this.#call(run, inside(path), template as string, input, asData)
          : this.#pipeline(run, inside(path), template as string, input, pipeline(template as string), asData),
      abort: (path, reason) => this.#abort(inside(path), errorOf({ name: abortedName, message: reason })),
      timer: (path, timer) => refused(() => dueAt(timer, 0)) ?? this.#timer(run, inside(path), timer),
      signal: (path, name, options) =>
        refused(() => signalWait(name, options)) ??
        this.#signal(run, inside(path), name as string, options as SignalOptions),
      chance: (path, source) => {
        if (this.#paths.has(inside(path))) throw new Error(`two readings of chance or time are named ${inside(path)}`);
        this.#paths.add(inside(path));
        return this.#read(run, source);
      },
    };
  }

  /** The plain function's side. */
  interceptor(run: Run): CallInterceptor {
    const interceptor: CallInterceptor = {
      call: (step, input, _, signal) => {
        const path = this.#next();
        signal?.addEventListener("abort", () => this.#abort(path, signal.reason));
        return this.#call(run, path, step, input);
      },
      pipeline: (name, params, body) =>
        this.#pipeline(
          run,
          this.#next(),
          name,
          params,
          (params, called, ended) =>
            void callInterceptor
              .run(this.interceptor(called), () => body(params))
              .then(
                (value) => ended({ value }),
                (error) => ended({ error }),
              ),
        ),
      timer: (timer) => this.#timer(run, this.#next(), timer) as Promise<void>,
      signal: (name, options) => this.#signal(run, this.#next(), name, options),
    };
    this.#runs.set(interceptor, run);
    return interceptor;
  }

  /** Chance and time of the run in which they are read. */
  readonly read = (source: ChanceSource): Chance =>
    this.#read(this.#runs.get(callInterceptor.getStore() as CallInterceptor) as Run, source);

  /** The same sequence on both sides. */
  #read(run: Run, source: ChanceSource): Chance {
    run.readings += 1;
    this.#note(run, `read ${source}`);
    return source === "crypto.randomUUID" ? `uuid ${run.readings}` : run.readings / 64;
  }

  #next(): string {
    this.#begun += 1;
    return `#${this.#begun}`;
  }

  /** `received`: an error as the body gets it. */
  #call(run: Run, path: string, step: string, input: unknown, received = itself): Promise<unknown> {
    const release = () => {
      try {
        return outcome(step, input);
      } catch (error) {
        throw received(error);
      }
    };
    return this.#hold(run, path, `${step}(${encode(input)})`, { release });
  }

  /** Its beginning is held, and then its end. */
  #pipeline(
    caller: Run,
    path: string,
    name: string,
    params: unknown,
    body: Running,
    received = itself,
  ): Promise<unknown> {
    const label = `${name}(${encode(params)})`;
    const given = decode(encode(params));
    const run: Run = { path: `${path}/`, caller, ended: false, readings: 0 };
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const hold = (way: string, release: () => void) => {
      const noted = () => {
        this.#note(this.#root, `${way} ${label}`);
        release();
      };
      this.#completions.push({ run: caller, path, label, way, release: noted, fail: reject });
    };
    const ended = (end: End) => {
      if (run.ended) return;
      run.ended = true;
      if ("error" in end) return hold("end", () => reject(received(end.error)));
      const value = decode(encode(end.value));
      hold("end", () => resolve(value));
    };
    this.#note(caller, `call ${label}`);
    const within = AsyncLocalStorage.snapshot();
    hold("begin", () => within(body, given, run, ended));
    return promise;
  }

  #timer(run: Run, path: string, timer: Timer): Promise<unknown> {
    return this.#hold(run, path, `timer(${encode(timer)})`, { release: () => undefined });
  }

  #signal(run: Run, path: string, name: string, options?: SignalOptions): Promise<unknown> {
    const { limitMs } = signalWait(name, options);
    const limit = () => {
      throw overLimit(name, limitMs as number);
    };
    const ways = { send: () => ({ sent: name }), ...(limitMs !== undefined && { limit }) };
    return this.#hold(run, path, `signal(${encode(name)}, ${encode(options)})`, ways);
  }

  #hold(run: Run, path: string, label: string, ways: Record<string, () => unknown>): Promise<unknown> {
    this.#note(run, `call ${label}`);
    return new Promise((resolve, reject) => {
      for (const [way, end] of Object.entries(ways)) {
        const release = () => {
          this.#note(this.#root, `${way} ${label}`);
          try {
            resolve(end());
          } catch (error) {
            reject(error);
          }
        };
        const fail = (error: unknown) => {
          this.#note(run, `fail ${label}`);
          reject(error);
        };
        this.#completions.push({ run, path, label, way, release, fail });
      }
    });
  }

  /** It will end so, in its turn. What has ended stays as it is. */
  #abort(path: string, error: unknown): void {
    const completion = this.#completions.find((each) => each.path === path);
    if (completion === undefined || completion.way === "aborted") return;
    this.#note(completion.run, `abort ${completion.label}`);
    completion.way = "aborted";
    completion.release = () => completion.fail(error);
  }

  async run(body: Running, input: unknown, order: Order): Promise<Trace> {
    this.#start(body, input);
    for (let releases = 0; ; releases += 1) {
      await this.#drained();
      if (this.#end !== undefined || this.#completions.length === 0 || releases >= limit) return this.#ended();
      this.#release(order(this.#completions.length));
    }
  }

  /** Delivers what was recorded, and one completion more, which it records; gives the trace once the body has ended. */
  async replay(body: Running, input: unknown, recorded: string[], order: Order): Promise<Trace | undefined> {
    this.#start(body, input);
    for (const path of recorded) {
      await this.#drained();
      const index = this.#completions.findIndex((completion) => nameOf(completion) === path);
      if (index < 0) throw new Error(`after a resume, ${path} had not begun when its recorded end came`);
      order(this.#completions.length); // a chosen order goes on as it would have
      this.#release(index);
    }
    await this.#drained();
    if (this.#end !== undefined || this.#completions.length === 0 || recorded.length >= limit) return this.#ended();
    // A fresh order is at the same point in every life, so its choice is the one of an uninterrupted run.
    const index = order(this.#completions.length);
    recorded.push(nameOf(this.#completions[index] as Completion));
    return undefined;
  }

  #start(body: Running, input: unknown): void {
    body(input, this.#root, (end) =>
      this.#settle("error" in end ? `throw ${describe(end.error)}` : `return ${textOf(end.value)}`),
    );
  }

  #release(index: number): void {
    const [completion] = this.#completions.splice(index, 1) as [Completion];
    this.#completions = this.#completions.filter(({ path }) => path !== completion.path);
    completion.release();
  }

  #settle(end: string): void {
    this.#note(this.#root, end);
    this.#end ??= end;
  }

  #note(run: Run, line: string): void {
    if (this.#end === undefined) this.#trace.push({ run, line });
  }

  /** One turn of the event loop: every microtask has run. What a called pipeline has begun in the turn of its end counts for nothing. */
  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#trace = this.#trace.filter(({ run }, i) => i < this.#before || !isOver(run));
    this.#before = this.#trace.length;
    this.#completions = this.#completions.filter(({ run }) => !isOver(run));
  }

  #ended(): Trace {
    const lines = this.#trace.map(({ line }) => line);
    return this.#end === undefined ? [...lines, "never settled"] : lines;
  }
}

/** A called pipeline ends with what it has begun. */
const isOver = ({ ended, caller }: Run): boolean => ended || (caller !== undefined && isOver(caller));

/** An error as whoever awaits a task gets it. */
const asData = (error: unknown): Error => errorOf(withoutStack(failureOf(error)));
const itself = (error: unknown): unknown => error;

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
