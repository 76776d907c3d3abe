/** A run on a real store, whose steps are ended by hand, in the order that the test chooses, and whose controller can be stopped at any time. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../../src/model/clock.ts";
import type { Failure } from "../../../src/model/failure.ts";
import type { Hash } from "../../../src/model/hash.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import type { Task } from "../../../src/model/task.ts";
import { decode, decodeWhole, encode } from "../../../src/model/value.ts";
import type { Conditions } from "../../../src/runtime/controller/controller.ts";
import { nextTurn } from "../../../src/runtime/controller/event-loop.ts";
import { controllerExecutor } from "../../../src/runtime/controller/executor.ts";
import { keep, textOf } from "../../../src/runtime/controller/stored.ts";
import type { Claim, Result, Store } from "../../../src/runtime/ports.ts";
import { openStore } from "../../../src/runtime/store/open.ts";

const run = "r";
const agent = (id: string) => ({
  id,
  host: "here",
  pid: 1,
  processStart: "now",
  queues: ["services", "default"],
  slots: 1,
  leaseUntil: Date.now() + 1e9,
});

/** Stands still until it is set. */
export class HandClock implements Clock {
  #now: number;
  readonly #alarms = new Set<{ time: number; ring(): void }>();

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  at(time: number, ring: () => void): () => void {
    const alarm = { time, ring };
    this.#alarms.add(alarm);
    if (time <= this.#now) setImmediate(() => this.#ring());
    return () => this.#alarms.delete(alarm);
  }

  /** What it is to ring at. */
  get alarms(): number[] {
    return [...this.#alarms].map(({ time }) => time);
  }

  forward(ms: number): void {
    this.#now += ms;
    this.#ring();
  }

  #ring(): void {
    for (const alarm of [...this.#alarms].sort((a, b) => a.time - b.time))
      if (alarm.time <= this.#now && this.#alarms.delete(alarm)) alarm.ring();
  }
}

export class Stage implements AsyncDisposable {
  readonly store: Store;
  readonly run = run;
  readonly clock = new HandClock();
  readonly #folder: string;
  readonly #running = new Map<string, Claim>();
  readonly #conditions: Partial<Conditions>;
  #controllers = 0;
  #controller: { id: string; stop: AbortController; result: Promise<Result> } | undefined;

  #registered = Promise.withResolvers<void>();

  constructor(folder: string, store: Store, conditions: Partial<Conditions>) {
    this.#conditions = conditions;
    this.#folder = folder;
    this.store = store;
    const { register } = store.runs;
    store.runs.register = async (pipeline) => {
      const registered = await register.call(store.runs, pipeline);
      this.#registered.resolve();
      return registered;
    };
  }

  /** The run is started, and its controller has made its first turn. */
  static async open(pipeline: Pipeline, params?: unknown, conditions: Partial<Conditions> = {}): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "reprise-stage-"));
    const stage = new Stage(folder, await openStore(folder), conditions);
    const { store } = stage;
    await store.queue.join(agent("steps"));
    const { controller } = await store.runs.register(pipeline);
    const input = params === undefined ? {} : { params: { text: encode(params) } };
    await store.runs.start(controller, { id: run, ...input });
    await stage.startController();
    return stage;
  }

  async startController(): Promise<void> {
    this.#controllers += 1;
    const id = `controller ${this.#controllers}`;
    await this.store.queue.join(agent(id));
    const [claim] = (await this.store.queue.claim({ agent: id, queues: ["services"], limit: 1, run })).claims;
    const stop = new AbortController();
    this.#registered = Promise.withResolvers();
    this.#controller = {
      id,
      stop,
      result: controllerExecutor(this.store, { clock: this.clock, ...this.#conditions }).execute(claim!, stop.signal),
    };
    // Up to there it reads files; from then on, turns of the event loop are all that it takes.
    await this.#registered.promise;
    await this.settle();
  }

  /** As if its process had ended at this moment; the run waits for the next controller. */
  async stopController(): Promise<void> {
    const { id, stop, result } = this.#controller!;
    stop.abort();
    await result;
    await this.store.queue.rescue((dead) => dead.id === id, run);
  }

  /** As an agent does with the failure of a pipeline that is retried. */
  async retry(): Promise<void> {
    await this.#reportEnd("retry");
    await this.startController();
  }

  /** As an agent does with the failure of a pipeline that is not tried again. */
  async end(): Promise<void> {
    await this.#reportEnd("failed");
  }

  /** As somebody does by hand with a run that has failed or was aborted. */
  async again(): Promise<void> {
    await this.store.tasks.enqueue(run);
    await this.startController();
  }

  get result(): Promise<Result> {
    return this.#controller!.result;
  }

  /** What the controller came to, when it has. */
  async value(): Promise<unknown> {
    const result = await this.result;
    if (result.outcome === "failed")
      throw Object.assign(new Error(result.failure.message), { failure: result.failure });
    return result.output && decode(await textOf(this.store.blobs, result.output));
  }

  /** Everything here is driven by turns of the event loop, a few for each reaction. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn += 1) await nextTurn();
  }

  /** What a process of its own does takes as long as it takes: the test's time limit bounds it. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await nextTurn();
  }

  /** Paths of the steps that run, in the order of their start. */
  async running(): Promise<string[]> {
    for (const claim of (await this.store.queue.claim({ agent: "steps", queues: ["default"], limit: 10_000, run }))
      .claims)
      this.#running.set(claim.task.path!, claim);
    return [...this.#running.keys()];
  }

  async complete(path: string, value: unknown): Promise<void> {
    const output = value === undefined ? {} : { output: await keep(this.store.blobs, encode(value)) };
    await this.#report(path, { outcome: "completed", ...output });
  }

  async fail(path: string, failure: Failure): Promise<void> {
    await this.#report(path, { outcome: "failed", failure });
  }

  async signal(name: string, value?: unknown): Promise<void> {
    await this.store.runs.signal(
      run,
      name,
      value === undefined ? undefined : await keep(this.store.blobs, encode(value)),
    );
    await this.settle();
  }

  async forward(ms: number): Promise<void> {
    this.clock.forward(ms);
    await this.settle();
  }

  /** The run's steps in the order of their calls. */
  async steps(): Promise<Task[]> {
    return (await this.store.tasks.list({ run })).filter(({ id }) => id !== run);
  }

  /** Path → input. */
  async calls(): Promise<Record<string, unknown>> {
    const calls: Record<string, unknown> = {};
    const text = (blob: Hash) => textOf(this.store.blobs, { blob, bytes: 0 });
    for (const { path, input } of await this.steps())
      calls[path!] = input && (await decodeWhole(await textOf(this.store.blobs, input), text));
    return calls;
  }

  /** Path → status. */
  async statuses(): Promise<Record<string, string>> {
    return Object.fromEntries((await this.steps()).map(({ path, status }) => [path, status]));
  }

  async #reportEnd(outcome: "failed" | "retry"): Promise<void> {
    const { id, result } = this.#controller!;
    const ended = await result;
    if (ended.outcome !== "failed") throw new Error("the controller has not failed");
    const { attempt } = (await this.store.tasks.get(run))!;
    await this.store.queue.report({ task: run, attempt, agent: id, outcome, failure: ended.failure });
  }

  async #report(path: string, result: Result): Promise<void> {
    const claim = this.#running.get(path);
    if (claim === undefined) throw new Error(`${path} does not run`);
    this.#running.delete(path);
    const reported = await this.store.queue.report({
      task: claim.task.id,
      attempt: claim.attempt,
      agent: "steps",
      ...result,
    });
    if (!reported) throw new Error(`the report of ${path} was refused`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller?.stop.abort();
    await this.#controller?.result.catch(() => {});
    await this.store.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
