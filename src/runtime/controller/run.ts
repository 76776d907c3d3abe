/** A run as a program holds it: to look at, to wait for, to abort. Whoever runs it, here or elsewhere, is told by its events. */
import { concatMap, filter, firstValueFrom, from, type Observable, race } from "rxjs";
import { abortedName, errorOf, type Failure } from "../../model/failure.ts";
import { ended, type Task, type TaskId, type TaskStatus } from "../../model/task.ts";
import { decode } from "../../model/value.ts";
import type { Store } from "../ports.ts";
import { follow$ } from "./events.ts";
import type { Change, RunState } from "./state.ts";
import { changes$, state$ } from "./state-stream.ts";
import { textOf } from "./stored.ts";

export interface Run<Result> {
  readonly id: TaskId;
  /** Immutable snapshots, folded while subscribed; completes with the one in which the run has ended. */
  readonly state$: Observable<RunState>;
  /** The same with the patches that lead to each. */
  readonly changes$: Observable<Change>;
  status(): Promise<TaskStatus>;
  /** The pipeline's result, when it has completed. Rejects with the pipeline's error, or with an AbortedError. */
  result(): Promise<Result>;
  /** How the run ended, as data. */
  outcome(): Promise<RunOutcome<Result>>;
  /** False where it had ended already. */
  abort(reason?: string): Promise<boolean>;
}

export type RunOutcome<Result> =
  | { status: "completed"; result: Result }
  | { status: "failed"; failure: Failure }
  | { status: "aborted"; reason: string };

/** `broken` rejects when the run cannot go on here, since the store failed. */
export function runOf<Result>(store: Store, id: TaskId, broken?: Promise<never>): Run<Result> {
  const outcome = async () => (await outcomeOf(store, await endOf(store, id, broken))) as RunOutcome<Result>;
  return {
    id,
    state$: state$(store, id),
    changes$: changes$(store, id),
    status: async () => (await controller(store, id)).status,
    outcome,
    async result() {
      const end = await outcome();
      if (end.status === "completed") return end.result;
      throw errorForPeople(end.status === "failed" ? end.failure : { name: abortedName, message: end.reason });
    },
    abort: (reason = "aborted by the program") => store.runs.abort(id, reason),
  };
}

/** Nothing else keeps a process for a run that only waits: who waits for its end does. */
const longestTimerMs = 2 ** 31 - 1;

/** The controller task when it has ended. */
async function endOf(store: Store, id: TaskId, broken?: Promise<never>): Promise<Task> {
  const end$ = follow$(store.events, id, 0).pipe(
    filter((events) =>
      events.some(({ task, kind }) => task === id && (kind === "completed" || kind === "failed" || kind === "aborted")),
    ),
    // An end of the past may have been followed by a retry by hand.
    concatMap(() => controller(store, id)),
    filter(({ status }) => ended(status)),
  );
  const alive = setInterval(() => {}, longestTimerMs);
  try {
    return await firstValueFrom(broken ? race(end$, from(broken)) : end$);
  } finally {
    clearInterval(alive);
  }
}

async function outcomeOf(store: Store, task: Task): Promise<RunOutcome<unknown>> {
  if (task.status === "completed")
    return { status: "completed", result: task.output && decode(await textOf(store.blobs, task.output)) };
  if (task.status === "failed") return { status: "failed", failure: task.failure! };
  return { status: "aborted", reason: task.failure?.message ?? "aborted" };
}

async function controller(store: Store, id: TaskId): Promise<Task> {
  const task = await store.tasks.get(id);
  if (task === undefined) throw new Error(`the run ${id} is not in the store any more`);
  return task;
}

/** Outside of a body, an error may say where it came from. */
function errorForPeople(failure: Failure): Error {
  const { name, message, at, step } = failure;
  const thrown = failure.stack || `${name}: ${message}${at ? `\n    at ${at}` : ""}`;
  const stack = step ? `${thrown}\n    in step ${step}` : thrown;
  return Object.defineProperty(errorOf(failure), "stack", { value: stack });
}
