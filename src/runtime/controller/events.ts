/** A run's events as streams. */
import { audit, buffer, connect, map, Observable } from "rxjs";
import type { Event } from "../../model/event.ts";
import type { TaskId } from "../../model/task.ts";
import type { EventScope, Events } from "../ports.ts";

/** Every event of the run after `after`, in order and without gaps, in batches as they come, while subscribed. */
export function follow$(events: Events, run: TaskId, after: number, scope?: EventScope): Observable<Event[]> {
  return new Observable((subscriber) => events.follow(run, after, (batch) => subscriber.next(batch), scope));
}

/** What the run's graph is to hear after `after`, perhaps before it is committed: see `Events.hear`. Errors where that has failed. */
export function hear$(events: Events, run: TaskId, after: number): Observable<readonly Event[]> {
  return new Observable((subscriber) =>
    events.hear(run, after, { hear: (batch) => subscriber.next(batch), fail: (error) => subscriber.error(error) }),
  );
}

/** The run's events from the first on; those of one turn of the event loop make one batch. */
export function turnsOfEvents$(events: Events, run: TaskId): Observable<Event[]> {
  return follow$(events, run, 0).pipe(
    connect((batch$) => batch$.pipe(buffer(batch$.pipe(audit(nextTurn))))),
    map((batches) => batches.flat()),
  );
}

/**
 * Every promise job that is due is done by then, and nothing else: no timer, no callback of I/O. `process.nextTick` waits for the jobs, where a job has asked
 * for it.
 */
export function drained(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}

/** The next turn of the event loop: by then every job of this one is done. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
