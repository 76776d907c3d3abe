/** Events: every change, in the order of commits. `seq` rises within a run; what a reader has seen never gets an earlier one. */
import type { CacheOutcome } from "./cache.ts";
import type { Decided } from "./decision.ts";
import type { Failure } from "./failure.ts";
import type { Amounts } from "./resources.ts";
import type { Stored, TaskId } from "./task.ts";

export type EventBody =
  | { kind: "created"; name: string; parent?: TaskId }
  /** A task that may be taken from the cache was, and is completed, or was not. */
  | ({ kind: "cache" } & CacheOutcome)
  | { kind: "queued"; queue: string /** Not before this time, after a retry's delay. */; notBefore?: number }
  | { kind: "dequeued" }
  /** Its place among those that wait is another: it was moved, its queue goes on, or an agent serves it again. */
  | { kind: "placed"; queue: string }
  /** It waits in a queue that no living agent serves, or none serves any more. */
  | { kind: "unserved"; queue: string /** What no agent of the queue has to give. */; resources?: Amounts }
  | { kind: "running"; attempt: number; agent: string }
  /** Its attempt waits for packages that are being installed; for none any more, when they are there. */
  | { kind: "installing"; packages: readonly string[] }
  /** An attempt ended and the task goes back to its queue. */
  | { kind: "retrying"; attempt: number; failure: Failure; notBefore?: number }
  | { kind: "completed"; attempt: number; output?: Stored }
  | { kind: "failed"; attempt: number; failure: Failure }
  | { kind: "aborted"; reason: string }
  | { kind: "reset" }
  /** It is gone, with all that was told of it: only who follows it hears so. */
  | { kind: "deleted" }
  /** Its parameters, its configuration, its options, or what people note of it. */
  | { kind: "edited" }
  | { kind: "published" }
  | { kind: "archived"; archived: boolean }
  | { kind: "progress"; progress: number }
  | { kind: "scalar"; title: string; series: string; value: number; iteration: number }
  | { kind: "artifact"; name: string }
  /** An artifact that was announced does not come: nobody waits for it any longer. */
  | { kind: "withdrawn"; name: string }
  /** A run's body waits at that path: until a time, or for a signal, and then no longer than until that time. */
  | { kind: "waiting"; path: string; until?: number; signal?: string; transient?: true }
  /** The time of the wait at that path has come. */
  | { kind: "timer"; path: string }
  /** Somebody sent the run a signal. */
  | { kind: "signal"; name: string; value?: Stored }
  /** A run's body has decided how to go on. */
  | ({ kind: "decision" } & Decided);

export type EventKind = EventBody["kind"];

export type Event = {
  seq: number;
  /** The run that it belongs to; for a task of its own, the task's id. */
  run: TaskId;
  task: TaskId;
  /** Milliseconds since 1970, by the clock of the process that wrote it. */
  at: number;
} & EventBody;
