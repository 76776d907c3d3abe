/**
 * What the rooms of the runtime expect of each other. The embedded store implements these ports; so will Postgres and the hub's client, and
 * one test suite holds for all. Every promise resolves after the commit; times are milliseconds since 1970.
 */
import type { Artifact } from "../model/artifact.ts";
import type { Bundle } from "../model/bundle.ts";
import type { Chance } from "../model/chance.ts";
import type { Decided } from "../model/decision.ts";
import type { Event, EventKind } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import type { Hash } from "../model/hash.ts";
import type { LogLine } from "../model/log.ts";
import type { Scalar, ScalarSummary } from "../model/metric.ts";
import type { TaskOptions } from "../model/options.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Agent, Attempt, Code, Stored, Task, TaskId, TaskStatus } from "../model/task.ts";

export interface Store extends AsyncDisposable {
  readonly tasks: Tasks;
  readonly runs: Runs;
  readonly queue: Queue;
  readonly events: Events;
  readonly blobs: Blobs;
  readonly artifacts: Artifacts;
  readonly metrics: Metrics;
  readonly logs: Logs;
  /** Commits what is pending and closes. */
  close(): Promise<void>;
}

export interface Tasks {
  get(id: TaskId): Promise<Task | undefined>;
  /** Newest first. Templates only where asked for; `run` gives a run's tasks in the order of their creation, the controller first. */
  list(filter: TaskFilter): Promise<Task[]>;
  attempts(id: TaskId): Promise<Attempt[]>;
}

export type TaskFilter = {
  /** The run, and everything that runs for it, at any depth. */
  run?: TaskId;
  /** Only tasks that belong to no run but their own: controllers and tasks of their own. */
  topLevel?: boolean;
  type?: string;
  status?: TaskStatus;
  templates?: boolean;
  limit?: number;
};

/** Runs of pipelines, and what their controllers commit. */
export interface Runs {
  /**
   * Keeps the pipeline and its bundles, and its templates as draft tasks, unless they are there already. Gives its draft controller. The object is not changed
   * afterwards: it is known again.
   */
  register(pipeline: Pipeline): Promise<Registered>;
  pipeline(hash: Hash): Promise<Pipeline>;
  bundle(hash: Hash): Promise<Bundle>;
  /**
   * Clones the draft controller and enqueues the clone. Where a run with that id exists, it is joined: `created` is false; another
   * pipeline or other params under that id are refused with a ConflictError.
   */
  start(
    controller: TaskId,
    run: { id: TaskId; params?: Stored; queue?: string },
  ): Promise<{ task: Task; created: boolean }>;
  /**
   * What the graph wants after a turn, in one transaction. A clone whose task exists is left as it is (a resumed controller asks
   * again). Refused with a LostLeaseError unless `attempt` is the running attempt of the run's controller.
   */
  turn(run: TaskId, attempt: number, commands: Command[]): Promise<void>;
  /**
   * The run's controller, and whatever runs for it and has not ended, at any depth, becomes aborted. False where the run had ended. A run that another
   * run called may be aborted too: its caller sees an AbortedError.
   */
  abort(run: TaskId, reason: string): Promise<boolean>;
  /** Sends a signal, which is kept until the body waits for it. False where the run had ended. Rejects with a ConflictError where there is none. */
  signal(run: TaskId, name: string, value?: Stored): Promise<boolean>;
  /** What the run's body has read of chance and time and its controllers have committed, by path. */
  chances(run: TaskId): Promise<Map<string, Chance>>;
}

export type Registered = {
  pipeline: Hash;
  /** The draft controller task. */
  controller: TaskId;
  /** Name of the template in the pipeline → the draft task that calls clone. */
  templates: Map<string, TaskId>;
};

export type Command =
  | { kind: "clone"; template: TaskId; path: string; input?: Stored; options?: Partial<TaskOptions> }
  | { kind: "abort"; task: TaskId; reason: string }
  /** The body waits: see the event `waiting`. */
  | { kind: "wait"; path: string; until?: number; signal?: string; transient?: true }
  /** The time of a wait has come. */
  | { kind: "fire"; path: string }
  /** What the body has read of chance or time; a path that has a value keeps it. */
  | { kind: "chance"; path: string; value: Chance }
  /** The body has decided how to go on: becomes an event. */
  | ({ kind: "decision" } & Decided);

export interface Queue {
  /** Makes the agent known, or renews what is known of it. */
  join(agent: Agent): Promise<void>;
  /** Extends the lease of everything that the agent runs. */
  renew(agent: string, leaseUntil: number): Promise<void>;
  leave(agent: string): Promise<void>;
  agents(): Promise<Agent[]>;
  /** Takes up to `limit` due entries, by the order of the queues, then priority, then age, and moves their tasks to `running`. */
  claim(request: ClaimRequest): Promise<Claim[]>;
  /** When the next entry that is not yet due will be; undefined where there is none. */
  nextDueAt(request: { queues: string[]; run?: TaskId }): Promise<number | undefined>;
  /** False where the attempt is not the task's running one any more: aborted, or taken for lost. Then nothing changed. */
  report(report: Report): Promise<boolean>;
  /**
   * The running attempts of agents that `dead` says are gone end as lost, and their tasks are queued again. Gives the tasks. With `run`, only its
   * controller, and what runs for it at any depth.
   */
  rescue(dead: (agent: Agent) => boolean, run?: TaskId): Promise<TaskId[]>;
  /** Gives the way to stop. */
  watch(agent: string, watcher: Watcher): () => void;
}

export type Watcher = {
  /** There may be something to claim in those queues. What is claimed at once may join the transaction that has queued it. */
  ready(queues: ReadonlySet<string>): void;
  /** A task that the agent runs is no longer its own. */
  revoked(task: TaskId, attempt: number): void;
};

/** With `run`, only its controller, and what runs for it at any depth. It is a run that nobody called. */
export type ClaimRequest = { agent: string; queues: string[]; limit: number; run?: TaskId };

export type Claim = {
  task: Task;
  attempt: number;
  /** Earlier attempts that failed; those that were lost with their agent do not count. */
  failures: number;
  /** It has just been made, and nothing is recorded that a controller would have to read. */
  isNew?: true;
};

export type Report = { task: TaskId; attempt: number; agent: string } & Outcome;

export type Outcome =
  | { outcome: "completed"; output?: Stored }
  | { outcome: "failed"; failure: Failure }
  | { outcome: "aborted"; reason: string }
  /** The attempt failed, and another one is made, not before that time. */
  | { outcome: "retry"; failure: Failure; notBefore?: number };

export interface Events {
  /** In order, those after `after` (0: from the beginning); of `kinds` only where they are given. */
  read(run: TaskId, after: number, limit?: number, scope?: EventScope, kinds?: readonly EventKind[]): Promise<Event[]>;
  /** The number of the store's latest event, whichever run's: where to follow from for what comes. 0 where there is none. */
  latest(): Promise<number>;
  /** Every event after `after`, in order, in batches, without gaps, until stopped. */
  follow(run: TaskId, after: number, listener: (events: Event[]) => void, scope?: EventScope): () => void;
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

export interface Blobs {
  put(content: string | Uint8Array): Promise<Hash>;
  /** Rejects with an Error that names the hash where there is none, or where its content does not match. */
  get(hash: Hash): Promise<Buffer>;
}

export interface Artifacts {
  /** The same name again replaces it. */
  put(artifact: Omit<Artifact, "hash" | "bytes">, content: Uint8Array): Promise<Artifact>;
  list(task: TaskId): Promise<Artifact[]>;
}

export interface Metrics {
  /** Also appends one event a batch and series, with its last point. */
  append(points: Scalar[]): Promise<void>;
  read(task: TaskId, title: string, series: string): Promise<Scalar[]>;
  summaries(task: TaskId): Promise<ScalarSummary[]>;
  progress(task: TaskId, attempt: number, fraction: number): Promise<void>;
}

export interface Logs {
  append(lines: LogLine[]): Promise<void>;
  /** In order, those after the first `after` lines. */
  read(task: TaskId, after?: number): Promise<LogLine[]>;
}

/** How an agent runs tasks of one kind of code. */
export interface Executor {
  readonly kind: Code["kind"];
  /** Its tasks mostly wait for other tasks: they hold no slot, so that a task and what it waits for never want the same one. */
  readonly waits?: true;
  /** Never rejects for a failure of the task itself. When `signal` aborts, it ends soon, whatever the outcome. */
  execute(claim: Claim, signal: AbortSignal): Promise<Result>;
  close(): Promise<void>;
  /** Ends at once what it runs outside of this process: for a process that is about to end. */
  kill?(): void;
}

export type Result = { outcome: "completed"; output?: Stored } | { outcome: "failed"; failure: Failure };

/** What was asked for does not fit what is there. The message is a sentence for people. */
export class ConflictError extends Error {
  override name = "ConflictError";
}

/** The caller's attempt is not the running one any more. */
export class LostLeaseError extends Error {
  override name = "LostLeaseError";
}

/** The store cannot be opened, or cannot be written. The message is a sentence for people that says how to mend it. */
export class StoreError extends Error {
  override name = "StoreError";
}
