import type { Event, EventBody } from "../../model/event.ts";
import type { TaskRow } from "./task-row.ts";

/** What a commit gives out to followers and watchers: an event, and whose attempt it took away, if it took one. */
export type Change = { event: Event; revoked?: { agent: string; attempt: number } };

/** A change that is not written yet: its event gets its number when it is. */
export type Pending = Change & {
  readonly task: TaskRow;
  readonly body: EventBody;
  /** The keys of the run that the event belongs to, and of the run that nobody called; the task's path in the former. */
  readonly run: number;
  readonly root: number;
  readonly path: string;
};
