/** A run's events as streams. */
import { audit, buffer, connect, map, Observable } from "rxjs";
import type { Event } from "../../model/event.ts";
import type { TaskId } from "../../model/task.ts";
import type { Events } from "../ports.ts";
import { nextTurn } from "./event-loop.ts";

/** Every event of the run after `after`, in order and without gaps, in batches as they come, while subscribed. */
export function follow$(events: Events, run: TaskId, after: number): Observable<readonly Event[]> {
  return new Observable((subscriber) => events.follow(run, after, (batch) => subscriber.next(batch)));
}

/** The run's events from the first on; those of one turn of the event loop make one batch. */
export function turnsOfEvents$(events: Events, run: TaskId): Observable<readonly Event[]> {
  return follow$(events, run, 0).pipe(
    connect((batch$) => batch$.pipe(buffer(batch$.pipe(audit(nextTurn))))),
    map((batches) => batches.flat()),
  );
}
