/** What happens to a task, as streams. While somebody listens to one that has not ended, the process stays. */
import {
  defer,
  filter,
  finalize,
  from,
  map,
  mergeMap,
  Observable,
  of,
  switchMap,
  takeUntil,
  takeWhile,
  tap,
} from "rxjs";
import type { Event, EventKind } from "../model/event.ts";
import type { LogLine } from "../model/log.ts";
import type { Scalar } from "../model/metric.ts";
import { ended, type Task, type TaskId, type TaskStatus } from "../model/task.ts";
import { follow$ } from "../runtime/controller/events.ts";
import { ConflictError, type Store } from "../runtime/ports.ts";

type Streamed = Pick<Store, "tasks" | "events" | "logs">;

/** The status now, and each one that follows; completes with one in which the task has ended. Fails with a ConflictError when it is deleted before. */
export function status$(store: Streamed, id: TaskId): Observable<TaskStatus> {
  return now$(store, id).pipe(
    switchMap(({ task, seq }) => {
      if (ended(task.status)) return of(task.status);
      const next$ = events$(store, task, seq).pipe(
        tap(({ kind }) => {
          if (kind === "deleted") throw new ConflictError(`the task "${id}" was deleted`);
        }),
        map(statusIn),
        filter((status) => status !== undefined),
      );
      return staying(
        new Observable<TaskStatus>((subscriber) => {
          subscriber.next(task.status);
          return next$.subscribe(subscriber);
        }),
      ).pipe(takeWhile((status) => !ended(status), true));
    }),
  );
}

export type MetricPoint = Pick<Scalar, "title" | "series" | "value" | "iteration">;

export const metrics$ = (store: Streamed, id: TaskId): Observable<MetricPoint> =>
  reported$(store, id, "scalar").pipe(
    map(({ title, series, value, iteration }) => ({ title, series, value, iteration })),
  );

export const progress$ = (store: Streamed, id: TaskId): Observable<number> =>
  reported$(store, id, "progress").pipe(map(({ progress }) => progress));

/** What it has said, and what it says, to its end. */
export function logs$(store: Streamed, id: TaskId): Observable<LogLine> {
  return defer(() => {
    const line$ = new Observable<LogLine>((subscriber) =>
      store.logs.follow(id, (lines) => {
        for (const line of lines) if (line.task === id) subscriber.next(line);
      }),
    );
    return staying(line$).pipe(takeUntil(end$(store, id)));
  });
}

/** Emits once, when the task has ended and its last lines are there. */
function end$(store: Streamed, id: TaskId): Observable<unknown> {
  return status$(store, id).pipe(
    filter(ended),
    mergeMap(() => from(store.logs.read(id))),
  );
}

/** Events of one kind from the first on, to the end of the task. */
function reported$<K extends EventKind>(store: Streamed, id: TaskId, kind: K): Observable<Event & { kind: K }> {
  return now$(store, id).pipe(
    switchMap(({ task, seq }) => {
      const isOver = ended(task.status);
      // Ends before that moment were not the last.
      const own$ = events$(store, task, 0).pipe(
        takeWhile((event) => !(isOver ? event.seq >= seq : event.seq > seq && isEnd(event)), true),
      );
      return isOver ? own$ : staying(own$);
    }),
    filter((event): event is Event & { kind: K } => event.kind === kind),
  );
}

/** The task, and the number of its latest event: what was reported after an end is not waited for. */
function now$({ tasks, events }: Streamed, id: TaskId): Observable<{ task: Task; seq: number }> {
  return defer(async () => {
    const seq = await events.latest();
    const task = await tasks.get(id);
    if (task === undefined) throw new ConflictError(`there is no task "${id}"`);
    if (!ended(task.status)) return { task, seq };
    const own = (await events.read(runOf(task), 0)).filter((event) => event.task === id);
    return { task, seq: own.at(-1)?.seq ?? 0 };
  });
}

/** Those of the task itself. */
function events$({ events }: Streamed, task: Task, after: number): Observable<Event> {
  return follow$(events, runOf(task), after).pipe(
    mergeMap((batch) => from(batch)),
    filter((event) => event.task === task.id),
  );
}

const runOf = ({ id, run = id }: Task): TaskId => run;

const statuses: { [Kind in EventKind]?: TaskStatus } = {
  queued: "queued",
  dequeued: "draft",
  running: "running",
  retrying: "queued",
  completed: "completed",
  failed: "failed",
  aborted: "aborted",
  reset: "draft",
};

const statusIn = ({ kind }: Event): TaskStatus | undefined => statuses[kind];
const isEnd = (event: Event): boolean => event.kind === "deleted" || ended(statusIn(event) ?? "draft");

const longestTimerMs = 2 ** 31 - 1;

/** Nothing else keeps a process that only listens. */
function staying<T>(source$: Observable<T>): Observable<T> {
  return defer(() => {
    const alive = setInterval(() => {}, longestTimerMs);
    return source$.pipe(finalize(() => clearInterval(alive)));
  });
}
