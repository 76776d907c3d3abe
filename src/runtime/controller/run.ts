/** A run as a program holds it: to look at, to wait for, to abort. Whoever runs it, here or elsewhere, is told by its events. */
import { Observable } from "rxjs/internal/Observable";
import { readerOf } from "../../artifacts/reader.ts";
import { definitionOf } from "../../model/definition.ts";
import type { Event } from "../../model/event.ts";
import { abortedName, errorOf, type Failure } from "../../model/failure.ts";
import { checkSent } from "../../model/sent-signal.ts";
import { ended, type Task, type TaskId, type TaskStatus } from "../../model/task.ts";
import { decode, encode } from "../../model/value.ts";
import { ConflictError, type Store } from "../ports.ts";
import type { Change } from "./fold.ts";
import { onRejection } from "./rejection.ts";
import type { RunState } from "./state.ts";
import { keep, textOf } from "./stored.ts";

/** A run: to look at, to wait for, to abort, to send signals to. It may be executed here or elsewhere. */
export interface Run<Result> {
  /** That of its controller task. */
  readonly id: TaskId;
  /** Immutable snapshots, folded while subscribed; completes with the one in which the run has ended. */
  readonly state$: Observable<RunState>;
  /** The same with the patches that lead to each. */
  readonly changes$: Observable<Change>;
  /** Of the controller task, now. */
  status(): Promise<TaskStatus>;
  /** The pipeline's result, when it has completed. Rejects with the pipeline's error, or with an AbortedError. */
  result(): Promise<Result>;
  /** How the run ended, as data. */
  outcome(): Promise<RunOutcome<Result>>;
  /** False where it had ended already. */
  abort(reason?: string): Promise<boolean>;
  /**
   * Sends a signal, which is kept until the body waits for it. Rejects with a SignalError where the body waits for no signal of that name, or
   * the value does not fit its type, and with a ConflictError where the run has ended.
   */
  signal(name: string, value?: unknown): Promise<void>;
  /** Resolves when the run has ended, and whatever it detached too. */
  finished(): Promise<void>;
}

/** How a run ended. */
export type RunOutcome<Result> =
  | { status: "completed"; result: Result }
  | { status: "failed"; failure: Failure }
  | { status: "aborted"; reason: string };

/** `broken` rejects when the run cannot go on here, since the store failed. */
export function runOf<Result>(store: Store, id: TaskId, broken?: Promise<never>): Run<Result> {
  const outcome = async () => (await outcomeOf(store, await endOf(store, id, broken))) as RunOutcome<Result>;
  return {
    id,
    get state$() {
      return watched(({ state$ }) => state$(store, id));
    },
    get changes$() {
      return watched(({ changes$ }) => changes$(store, id));
    },
    status: async () => (await controller(store, id)).status,
    outcome,
    async result() {
      const end = await outcome();
      if (end.status === "completed") return end.result;
      throw errorForPeople(end.status === "failed" ? end.failure : { name: abortedName, message: end.reason });
    },
    abort: (reason = "aborted by the program") => store.runs.abort(id, reason),
    signal: (name, value) => send(store, id, name, value),
    async finished() {
      await endOf(store, id, broken);
      await allEnded(store, id, broken);
    },
  };
}

async function send(store: Store, id: TaskId, name: string, given: unknown): Promise<void> {
  const { code, status } = await controller(store, id);
  if (code.kind !== "controller") throw new ConflictError(`the task ${id} is no run`);
  const over = new ConflictError(`the run ${id} has ended: nobody waits for its signals any more`);
  if (ended(status)) throw over;
  const pipeline = await store.runs.pipeline(code.pipeline);
  const { graph } = code.definition === undefined ? pipeline : definitionOf(pipeline, code.definition)!;
  const value = checkSent(graph, name, given);
  const text = value === undefined ? undefined : encode(value, `the value of the signal "${name}"`);
  const sent = await store.runs.signal(id, name, text === undefined ? undefined : await keep(store.blobs, text));
  if (!sent) throw over;
}

/** What folds the state is loaded when somebody looks. */
function watched<T>(of: (streams: typeof import("./state-stream.ts")) => Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    import("./state-stream.ts").then(
      (streams) => subscriber.add(of(streams).subscribe(subscriber)),
      (error) => subscriber.error(error),
    );
  });
}

/** What the controller task has ended with. */
type End = Pick<Task, "status" | "output" | "failure">;

/** What happened before anybody asked is not read again: a history may be long. */
async function endOf(store: Store, id: TaskId, broken?: Promise<never>): Promise<End> {
  const after = await store.events.latest();
  const task = await controller(store, id);
  if (ended(task.status)) return task;
  return until(store, id, after, broken, (events) => endIn(events, id));
}

/** The last word on it: an end may be followed by a retry by hand. */
function endIn(events: readonly Event[], id: TaskId): End | undefined {
  let end: End | undefined;
  for (const event of events)
    if (event.task === id)
      switch (event.kind) {
        case "completed":
          end = { status: "completed", ...(event.output !== undefined && { output: event.output }) };
          break;
        case "failed":
          end = { status: "failed", failure: event.failure };
          break;
        case "aborted":
          end = { status: "aborted", failure: { name: abortedName, message: event.reason } };
          break;
        case "queued":
        case "retrying":
          end = undefined;
          break;
        case "deleted":
          throw gone(id);
      }
  return end;
}

/** Looks again when those have ended that it saw: a pipeline among them may have left some more. */
async function allEnded(store: Store, id: TaskId, broken?: Promise<never>): Promise<void> {
  for (;;) {
    const after = await store.events.latest();
    const open = await unended(store, id);
    if (open.size === 0) return;
    await until(store, id, after, broken, (events) => {
      for (const event of events) if (isEnd(event)) open.delete(event.task);
      return open.size === 0 ? true : undefined;
    });
  }
}

/** The tasks of a run that have not ended. Of a run that has, they were detached. */
export async function unended({ tasks }: Store, run: TaskId): Promise<Set<TaskId>> {
  const lists = (["queued", "running"] as const).map((status) => tasks.list({ run, status }));
  return new Set((await Promise.all(lists)).flat().map(({ id }) => id));
}

const isEnd = ({ kind }: Event): boolean => kind === "completed" || kind === "failed" || kind === "aborted";

const longestTimerMs = 2 ** 31 - 1;

/** Follows the run until `look` gives something. Nothing else keeps a process for a run that only waits: who waits for its end does. */
async function until<T>(
  store: Store,
  id: TaskId,
  after: number,
  broken: Promise<never> | undefined,
  look: (events: readonly Event[]) => T | undefined,
): Promise<T> {
  const release = keepProcess();
  const found = Promise.withResolvers<T>();
  const stopHearing = broken && onRejection(broken, found.reject);
  const stop = store.events.follow(id, after, (events) => {
    try {
      const value = look(events);
      if (value !== undefined) found.resolve(value);
    } catch (error) {
      found.reject(error);
    }
  });
  try {
    return await found.promise;
  } finally {
    stop();
    stopHearing?.();
    release();
  }
}

let waiting = 0;
/** One timer for all who wait, made once: to make one takes half a millisecond, to hold it nothing. */
let alive: NodeJS.Timeout | undefined;

function keepProcess(): () => void {
  waiting += 1;
  alive ??= setInterval(() => {}, longestTimerMs);
  alive.ref();
  return () => {
    waiting -= 1;
    if (waiting === 0) alive?.unref();
  };
}

async function outcomeOf(store: Store, task: End): Promise<RunOutcome<unknown>> {
  if (task.status === "completed") {
    const reader = readerOf((hash) => store.blobs.file(hash));
    return { status: "completed", result: task.output && decode(await textOf(store.blobs, task.output), reader) };
  }
  if (task.status === "failed") return { status: "failed", failure: task.failure! };
  return { status: "aborted", reason: task.failure?.message ?? "aborted" };
}

async function controller(store: Store, id: TaskId): Promise<Task> {
  const task = await store.tasks.get(id);
  if (task === undefined) throw gone(id);
  return task;
}

const gone = (id: TaskId): Error => new Error(`the run ${id} is not in the store any more`);

/** Outside of a body, an error may say where it came from. */
export function errorForPeople(failure: Failure): Error {
  const { name, message, at, step } = failure;
  const thrown = failure.stack || `${name}: ${message}${at ? `\n    at ${at}` : ""}`;
  const stack = step ? `${thrown}\n    in step ${step}` : thrown;
  return Object.defineProperty(errorOf(failure), "stack", { value: stack });
}
