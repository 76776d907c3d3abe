/** The log of events, read and followed. */
import type { Event, EventKind } from "../../model/event.ts";
import type { TaskId } from "../../model/task.ts";

export interface Events {
  /** In order, those after `after` (0: from the beginning); of `kinds` only where they are given. */
  read(run: TaskId, after: number, limit?: number, scope?: EventScope, kinds?: readonly EventKind[]): Promise<Event[]>;
  /** The number of the store's latest event, whichever run's: where to follow from for what comes. 0 where there is none. */
  latest(): Promise<number>;
  /** Every event after `after`, in order, in batches, without gaps, until stopped. */
  follow(run: TaskId, after: number, listener: (events: readonly Event[]) => void, scope?: EventScope): () => void;
  /**
   * Every event of those kinds from now on, whichever run's, in order, in batches, until stopped: for lists of what is there now. An empty batch says that some
   * may have been missed, and that it is time to look again.
   */
  news(kinds: readonly EventKind[], listener: (events: readonly Event[]) => void): () => void;
  /**
   * As `follow` does for the run's calls, but for a controller, which answers: an event may be told before it is committed, and has no number then. What the
   * hearer asks of the store in the same turn of the event loop is committed together with it, or not at all. How a new run itself was made, queued and claimed
   * may be left out.
   */
  hear(run: TaskId, after: number, hearer: Hearer): () => void;
}

export type Hearer = {
  hear(events: readonly Event[]): void;
  /** What it was told was not committed: the transaction has failed. */
  fail(error: unknown): void;
};

/**
 * Of a run that calls other pipelines. `tree`, the default: the run's own events, and those of everything that runs for it, at any depth.
 * `calls`: those of the tasks that it called itself, which is all that its graph hears; a run that nobody called has its own there too.
 */
export type EventScope = "tree" | "calls";
