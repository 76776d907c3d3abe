/** The calls of a run: promises that the graph holds on one side, tasks in the store on the other. */
import { abortedName, errorOf, type Failure } from "../../model/failure.ts";
import { taskId } from "../../model/identity.ts";
import type { CallNode } from "../../model/node.ts";
import type { TaskId } from "../../model/task.ts";
import { encode } from "../../model/value.ts";
import type { Host } from "./graph/host.ts";

/** A clone that the graph wants, not yet asked of the store. `input` is encoded. */
export type Wanted = { task: TaskId; template: string; path: string; input?: string };

export type Settlement =
  | { task: TaskId; kind: "completed"; value: unknown }
  | { task: TaskId; kind: "failed"; failure: Failure }
  | { task: TaskId; kind: "aborted"; reason: string };

type Call = PromiseWithResolvers<unknown> & { path: string };

export class Calls implements Host {
  readonly #run: TaskId;
  readonly #existing: Set<TaskId>;
  readonly #open = new Map<TaskId, Call>();
  readonly #settled = new Set<TaskId>();
  readonly #failures = new WeakMap<object, Failure>();
  #wanted: Wanted[] = [];

  /** `existing`: the run's tasks that the store has already; they are taken rather than cloned. */
  constructor(run: TaskId, existing: Set<TaskId>) {
    this.#run = run;
    this.#existing = existing;
  }

  /**
   * The input is encoded at once: what the body changes afterwards does not change it. One that cannot be encoded rejects the promise, as
   * in a plain call, and makes no task.
   */
  call(path: string, node: CallNode, input: unknown): Promise<unknown> {
    const template = node.template!;
    let text: string | undefined;
    try {
      if (input !== undefined) text = encode(input, `the input of step "${template}"`);
    } catch (error) {
      return Promise.reject(error);
    }
    const task = taskId(this.#run, path);
    const call = { path, ...Promise.withResolvers<unknown>() };
    this.#open.set(task, call);
    if (!this.#existing.delete(task))
      this.#wanted.push({ task, template, path, ...(text !== undefined && { input: text }) });
    return call.promise;
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
  }

  /** The clones that the graph has come to want since the last time. */
  takeWanted(): Wanted[] {
    const wanted = this.#wanted;
    this.#wanted = [];
    return wanted;
  }

  /** Tasks that the store was asked for and whose end the graph has not seen. */
  open(): TaskId[] {
    const wanted = new Set(this.#wanted.map(({ task }) => task));
    return [...this.#open.keys()].filter((task) => !wanted.has(task));
  }

  /** The failure of the step whose error this is; undefined for any other error. */
  failureOf(error: unknown): Failure | undefined {
    return typeof error === "object" && error !== null ? this.#failures.get(error) : undefined;
  }

  #error(path: string, failure: Failure): Error {
    const error = errorOf(failure);
    this.#failures.set(error, { ...failure, step: failure.step ?? path });
    return error;
  }
}

const aborted = (reason: string): Failure => ({ name: abortedName, message: reason });
