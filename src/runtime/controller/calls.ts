/** The calls of a run: promises that the graph holds on one side, tasks in the store on the other. */
import { abortedName, errorOf, type Failure } from "../../model/failure.ts";
import type { Point } from "../../model/handle.ts";
import { taskId } from "../../model/identity.ts";
import { nestingError } from "../../model/nesting.ts";
import type { CallNode } from "../../model/node.ts";
import { wrongParams } from "../../model/params.ts";
import type { TaskId } from "../../model/task.ts";
import type { JsonSchema } from "../../model/template.ts";
import { encode } from "../../model/value.ts";
import type { Command } from "../ports.ts";
import type { Host } from "./graph/host.ts";

/** Given where there is nothing, and never changed. */
const none: never[] = [];

/** A clone that the graph wants, not yet asked of the store. `input` is encoded. */
export type Wanted = { task: TaskId; template: string; path: string; input?: string };

export type Settlement =
  | { task: TaskId; kind: "completed"; value: unknown }
  | { task: TaskId; kind: "failed"; failure: Failure }
  | { task: TaskId; kind: "aborted"; reason: string };

/** Name of the template → what the pipeline takes, where it says it. */
export type Pipelines = ReadonlyMap<string, JsonSchema | undefined>;

/** What a graph's templates are. */
export type Callees = {
  /** Those that are pipelines, with the schemas of their params. */
  pipelines: Pipelines;
  /** The names of the run and of those that called it, the outermost first, where they are as many as may be. */
  around?: readonly string[];
};

type Call = PromiseWithResolvers<unknown> & { path: string; detached: boolean; watches: readonly Watch[] };
type Watch = { title: string; series: string; meets(point: Point): boolean } & PromiseWithResolvers<Point | undefined>;

export class Calls implements Pick<Host, "call" | "abort" | "metric"> {
  readonly #run: TaskId;
  readonly #existing: Set<TaskId>;
  readonly #callees: Callees;
  readonly #open = new Map<TaskId, Call>();
  readonly #settled = new Set<TaskId>();
  /** By the error that the body got: made with the first. */
  #failures: WeakMap<object, Failure> | undefined;
  #wanted: Wanted[] = [];
  #aborts: Command[] = [];

  /** `existing`: the run's tasks that the store has already; they are taken rather than cloned. */
  constructor(run: TaskId, existing: Set<TaskId>, callees: Callees) {
    this.#run = run;
    this.#existing = existing;
    this.#callees = callees;
  }

  /**
   * The input is encoded at once: what the body changes afterwards does not change it. One that cannot be encoded rejects the promise, as
   * in a plain call, and makes no task; so do params that do not fit the pipeline's schema, and a pipeline that would run too deep.
   */
  call(path: string, node: CallNode, input: unknown): Promise<unknown> {
    const template = node.template!;
    const { pipelines, around } = this.#callees;
    const isPipeline = pipelines.has(template);
    let text: string | undefined;
    try {
      const what = isPipeline ? `the params of pipeline "${template}"` : `the input of step "${template}"`;
      if (input !== undefined) text = encode(input, what);
      if (isPipeline && around) throw nestingError([...around, template]);
      this.#checkParams(path, node, input);
    } catch (error) {
      return Promise.reject(error);
    }
    const task = taskId(this.#run, path);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#open.set(task, { promise, resolve, reject, path, detached: node.as === "detached", watches: unwatched });
    if (!this.#existing.delete(task))
      this.#wanted.push(text === undefined ? { task, template, path } : { task, template, path, input: text });
    return promise;
  }

  /** Settles a call's promise. A task that ends a second time, after somebody retried it by hand, changes nothing: its first end counted. */
  settle(end: Settlement): void {
    const call = this.#open.get(end.task);
    if (call === undefined) {
      if (this.#settled.has(end.task)) return;
      throw new Error(
        `the task ${end.task} ended, but the graph has not called it: its events do not belong to this graph`,
      );
    }
    this.#open.delete(end.task);
    this.#settled.add(end.task);
    if (end.kind === "completed") call.resolve(end.value);
    else call.reject(this.#error(call.path, end.kind === "failed" ? end.failure : aborted(end.reason)));
    for (const watch of call.watches) watch.resolve(undefined);
  }

  /** Of a call that the body holds by a handle. What has ended stays as it is. */
  abort(path: string, reason: string): void {
    const task = taskId(this.#run, path);
    if (this.#open.has(task)) this.#aborts.push({ kind: "abort", task, reason });
  }

  metric(path: string, title: string, series: string, meets: Watch["meets"]): Promise<Point | undefined> {
    const call = this.#open.get(taskId(this.#run, path));
    if (call === undefined) return Promise.resolve(undefined);
    const watch: Watch = { title, series, meets, ...Promise.withResolvers<Point | undefined>() };
    call.watches = [...call.watches, watch];
    return watch.promise;
  }

  /** A task has reported a point of a series. */
  report(task: TaskId, title: string, series: string, point: Point): void {
    const call = this.#open.get(task);
    if (call === undefined) return;
    const about = call.watches.filter((watch) => watch.title === title && watch.series === series);
    const over = new Set(about.filter((watch) => answer(watch, point)));
    call.watches = call.watches.filter((watch) => !over.has(watch));
  }

  /** The clones that the graph has come to want since the last time. */
  takeWanted(): Wanted[] {
    const wanted = this.#wanted;
    if (wanted.length === 0) return none;
    this.#wanted = [];
    return wanted;
  }

  /** Of those, what is wanted also where the body has settled. The others never come to be. */
  takeDetached(): Wanted[] {
    const { detached = [], dropped = [] } = Object.groupBy(this.takeWanted(), ({ task }) =>
      this.#open.get(task)!.detached ? "detached" : "dropped",
    );
    for (const { task } of dropped) this.#open.delete(task);
    return detached;
  }

  /** A task has ended, and the body is not to hear of it any more. */
  forget(task: TaskId): void {
    if (this.#open.delete(task)) this.#settled.add(task);
  }

  /** What the body has aborted since the last time. */
  takeAborts(): Command[] {
    const aborts = this.#aborts;
    if (aborts.length === 0) return none;
    this.#aborts = [];
    return aborts;
  }

  /** Tasks that the store was asked for, whose end the graph has not seen, and which are not to go on without it. */
  open(): TaskId[] {
    const wanted = new Set(this.#wanted.map(({ task }) => task));
    return [...this.#open].filter(([task, { detached }]) => !detached && !wanted.has(task)).map(([task]) => task);
  }

  /** Is there none that the body may still hear of, also of those that the store was not asked for yet? */
  get areOver(): boolean {
    for (const { detached } of this.#open.values()) if (!detached) return false;
    return true;
  }

  /** The failure of the step whose error this is; undefined for any other error. */
  failureOf(error: unknown): Failure | undefined {
    return typeof error === "object" && error !== null ? this.#failures?.get(error) : undefined;
  }

  /** Types may have been wrong about what a step gave. The error says which call it was. */
  #checkParams(path: string, { template, at }: CallNode, params: unknown): void {
    const schema = this.#callees.pipelines.get(template!);
    const problems = schema === undefined ? [] : wrongParams(schema, params);
    if (problems.length === 0) return;
    const message = `wrong params of the pipeline "${template}": ${problems.join("; ")}`;
    throw this.#error(path, { name: "ParamsError", message, ...(at !== undefined && { at }) });
  }

  #error(path: string, failure: Failure): Error {
    const error = errorOf(failure);
    // What failed in a run that was called is named by its whole path.
    this.#failures ??= new WeakMap();
    this.#failures.set(error, { ...failure, step: failure.step === undefined ? path : taskId(path, failure.step) });
    return error;
  }
}

const unwatched: readonly Watch[] = [];

/** Settles the watch where the point meets its predicate, or that throws. */
function answer({ meets, resolve, reject }: Watch, point: Point): boolean {
  try {
    if (!meets(point)) return false;
    resolve(point);
  } catch (error) {
    reject(error);
  }
  return true;
}

const aborted = (reason: string): Failure => ({ name: abortedName, message: reason });
