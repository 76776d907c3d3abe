/**
 * What the rooms of the runtime expect of each other. The embedded store implements these ports; so will Postgres and the hub's client, and
 * one test suite holds for all. Every promise resolves after the commit; times are milliseconds since 1970.
 */
import type { ArtifactRole, KeptArtifact } from "../model/artifact.ts";
import type { Bundle } from "../model/bundle.ts";
import type { CacheKey, CacheOutcome, CachePolicy } from "../model/cache.ts";
import type { Chance } from "../model/chance.ts";
import type { ConfigurationContent, ConfigurationObject } from "../model/configuration.ts";
import type { Decided } from "../model/decision.ts";
import type { Event, EventKind } from "../model/event.ts";
import type { Failure } from "../model/failure.ts";
import type { Figure } from "../model/figure.ts";
import type { Hash } from "../model/hash.ts";
import type { KeptLine, LogLine, LogRange } from "../model/log.ts";
import type { Scalar, ScalarSummary } from "../model/metric.ts";
import type { TaskOptions } from "../model/options.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Provenance } from "../model/provenance.ts";
import type { Refresh } from "../model/refresh.ts";
import type { Rerun } from "../model/rerun.ts";
import type { Amounts } from "../model/resources.ts";
import type { Earlier } from "../model/retry.ts";
import type { Agent, Attempt, Code, Stored, Task, TaskId, TaskStatus } from "../model/task.ts";

export interface Store extends AsyncDisposable {
  readonly tasks: Tasks;
  readonly runs: Runs;
  readonly queue: Queue;
  readonly events: Events;
  readonly blobs: Blobs;
  readonly cache: Cache;
  readonly checkpoints: Checkpoints;
  readonly provenance: Provenances;
  readonly artifacts: Artifacts;
  readonly metrics: Metrics;
  readonly logs: Logs;
  readonly figures: Figures;
  /** Reads all of the database: it may take a while. */
  check(): Promise<Damage>;
  /** Removes what nothing refers to any more; other processes may go on meanwhile. */
  sweep(request: SweepRequest): Promise<Swept>;
  /** Commits what is pending and closes. */
  close(): Promise<void>;
}

/** What is wrong with the database, in its own words, and contents that are named and not there. */
export type Damage = { database: string[]; missing: Hash[] };

export type SweepRequest = {
  /** Only what was last written or asked for before that time, and at least an hour ago. */
  before: number;
  /** As if these tasks, and whatever ran for them, were gone. */
  without?: readonly TaskId[];
  dryRun?: boolean;
};

/** Pipelines that no task is left of, and contents, with their size. */
export type Swept = { pipelines: number; blobs: number; bytes: number };

/** Every change is a compare-and-set: one that the task's status, or its being published, does not allow rejects with a ConflictError. */
export interface Tasks {
  get(id: TaskId): Promise<Task | undefined>;
  /** Newest first, or as `order` says. `run` gives a run's tasks in the order of their creation, the controller first. */
  list(filter: TaskFilter): Promise<Task[]>;
  attempts(id: TaskId): Promise<Attempt[]>;
  /** Projects that have tasks, each with those around it, by name. */
  projects(): Promise<Project[]>;
  configuration(id: TaskId): Promise<ConfigurationObject[]>;
  create(draft: Draft): Promise<Task>;
  /** A draft with another task's name, code, options, parameters and configuration, and none of what it has made. */
  clone(source: TaskId, clone: { id: TaskId } & Partial<Omit<Draft, "code">>): Promise<Task>;
  /** Parameters, configuration and options are a draft's; what is said for people may change until it is published. */
  edit(id: TaskId, edit: Edit): Promise<Task>;
  /** What a running attempt takes for its own parameters and configuration. False where it is not the running one any more. */
  record(id: TaskId, attempt: number, what: Pick<Edit, "input" | "configuration">): Promise<boolean>;
  /** A new task that runs at once, as the first attempt of an agent that has joined: a process that makes itself a task. */
  begin(draft: Draft, agent: string): Promise<Task>;
  /** A draft, or one that failed or was aborted, waits for an agent from then on. `queue`: instead of its own. */
  enqueue(id: TaskId, queue?: string): Promise<Task>;
  dequeue(id: TaskId): Promise<Task>;
  /** False where it had ended. Of a run, whatever runs for it is aborted too. */
  abort(id: TaskId, reason: string): Promise<boolean>;
  /** One that ended is a draft again: what it has made is gone, and of a run all that ran for it. */
  reset(id: TaskId): Promise<Task>;
  /** A draft, or one that has ended, and all that ran for it. Refused where clones of it are left. */
  delete(id: TaskId): Promise<void>;
  publish(id: TaskId): Promise<Task>;
  archive(id: TaskId, archived: boolean): Promise<Task>;
  /** Notes as an event that no known agent serves the queue in which it waits, unless one does, or that was noted. */
  unserved(id: TaskId): Promise<void>;
  /** Notes as an event for which packages the attempt waits; nothing where it is not the running one any more. */
  installing(id: TaskId, attempt: number, packages: readonly string[]): Promise<void>;
}

export type TaskFilter = {
  /** The run, and everything that runs for it, at any depth. */
  run?: TaskId;
  /** Only tasks that belong to no run but their own: controllers and tasks of their own. */
  topLevel?: boolean;
  /** The project, and those below it. */
  project?: string;
  name?: string;
  /** All of them; with a `-` before it, none that has it. */
  tags?: readonly string[];
  type?: string;
  status?: TaskStatus | readonly TaskStatus[];
  /** Clones of that task. */
  parent?: TaskId;
  /** In the id, the name or the comment, in whatever case. */
  text?: string;
  /** The drafts that pipelines were registered with, too. */
  templates?: boolean;
  /** True: only those; false: none of them; absent: all. */
  archived?: boolean;
  /** With a `-` before it, the greatest first; default `-created`. */
  order?: TaskOrder | `-${TaskOrder}`;
  limit?: number;
};

export const taskOrders = ["created", "started", "ended", "name", "status"] as const;
export type TaskOrder = (typeof taskOrders)[number];

/** `tasks`: its own and those below it, but no steps of runs. */
export type Project = { name: string; tasks: number };

export type Draft = {
  id: TaskId;
  name: string;
  code: Code;
  options: TaskOptions;
  parent?: TaskId;
  input?: Stored;
  comment?: string;
  configuration?: Record<string, ConfigurationEdit>;
};

export type ConfigurationEdit = ConfigurationContent & { description?: string };

/** `null` takes it away. */
export type Edit = {
  name?: string;
  comment?: string | null;
  tags?: string[];
  project?: string | null;
  /** Refused where the parameters are not `from` any more. */
  input?: { from: Stored | undefined; to: Stored | undefined };
  options?: Partial<Omit<TaskOptions, "tags" | "project">>;
  configuration?: Record<string, ConfigurationEdit | null>;
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
  /** Keeps a bundle that belongs to no pipeline. Gives its hash. */
  keepBundle(bundle: Bundle): Promise<Hash>;
  /**
   * Clones the draft controller and enqueues the clone. Where a run with that id exists, it is joined: `created` is false; another
   * pipeline or other params under that id are refused with a ConflictError. With `rerun`, its options are those of the earlier run.
   */
  start(
    controller: TaskId,
    run: { id: TaskId; params?: Stored; queue?: string; refresh?: Refresh; rerun?: Rerun },
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
  /** Name of the template in the pipeline → the draft task that calls clone. Templates that are tasks of their own are not there. */
  templates: Map<string, TaskId>;
};

export type Command =
  | {
      kind: "clone";
      template: TaskId;
      path: string;
      input?: Stored;
      options?: Partial<TaskOptions>;
      cache?: CacheKey;
      /** Where that task is completed, its output is taken. */
      takes?: TaskId;
      whole?: boolean;
    }
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
  /** The queues that are known: those with entries, those that agents serve, those that were paused. By name. */
  list(): Promise<QueueState[]>;
  /** What waits in a queue, in the order in which it is claimed. */
  entries(queue: string, limit?: number): Promise<QueueEntry[]>;
  /** Moves what waits to another queue, another place, or both. Rejects with a ConflictError where it does not wait. */
  move(task: TaskId, to: { queue?: string; position?: Position }): Promise<QueueEntry>;
  /** Everything that waits in it is a draft again. Gives the tasks. */
  clear(queue: string): Promise<TaskId[]>;
  /** At most so many of its tasks run at once, on all agents together; without a limit, any number. */
  limit(queue: string, limit?: number): Promise<void>;
  /** From a paused queue nothing is claimed. */
  pause(queue: string, paused: boolean): Promise<void>;
  /** Gives the way to stop. */
  watch(agent: string, watcher: Watcher): () => void;
}

export type Watcher = {
  /** There may be something to claim in those queues. What is claimed at once may join the transaction that has queued it. */
  ready(queues: ReadonlySet<string>): void;
  /** A task that the agent runs is no longer its own. */
  revoked(task: TaskId, attempt: number): void;
};

export type QueueState = {
  name: string;
  paused: boolean;
  /** At most so many of its tasks run at once. */
  limit?: number;
  waiting: number;
  running: number;
  oldestAt?: number;
  agents: string[];
};

/** `position` counts from 1. */
export type QueueEntry = {
  task: TaskId;
  name: string;
  queue: string;
  position: number;
  priority: number;
  queuedAt: number;
  notBefore?: number;
  /** It waits for others that are limited together with it. */
  held?: true;
};

/** A place from 1, or so many places nearer to an end. */
export type Position = "front" | "back" | number | { by: number };

/** With `run`, only its controller, and what runs for it at any depth. It is a run that nobody called. */
export type ClaimRequest = {
  agent: string;
  queues: string[];
  limit: number;
  run?: TaskId;
  /** What the agent has left to give; tasks that need nothing are claimed all the same. */
  resources?: Amounts;
};

export type Claim = {
  task: Task;
  attempt: number;
  /** What became of the attempts before it. */
  earlier: Earlier;
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

/** What earlier tasks have come to, by what they were given: a clone with a key takes the output of one, in the transaction that makes it. */
export interface Cache {
  /** Why the task was taken from the cache, or ran; undefined for one that may not be. */
  why(task: TaskId): Promise<CacheOutcome | undefined>;
  /** What would become of a call now. `name`: of the step. `project`: its own, else that of its run. */
  look(step: { name: string; key: CacheKey; policy: CachePolicy; project: string | undefined }): Promise<CacheOutcome>;
}

/** Out of which state of the sources tasks were started. */
export interface Provenances {
  /** The first one stays. */
  keep(task: TaskId, provenance: Provenance): Promise<void>;
  of(task: TaskId): Promise<Provenance | undefined>;
}

/** What attempts leave for later ones of their task: of each task, the latest. */
export interface Checkpoints {
  /** Rejects with a LostLeaseError where the attempt is not the running one any more. */
  save(task: TaskId, attempt: number, value: Stored): Promise<void>;
  load(task: TaskId): Promise<Stored | undefined>;
}

export interface Blobs {
  put(content: string | Uint8Array): Promise<Hash>;
  /** Rejects with an Error that names the hash where there is none, or where its content does not match. */
  get(hash: Hash): Promise<Buffer>;
  /** A folder for files that `adopt` is to take over. */
  readonly spool: string;
  /** Takes over a file with content of that hash and length: it is gone from its place. However large, none of it goes through memory. */
  adopt(file: string, hash: Hash, bytes: number): Promise<void>;
  /** The path of a file that has the content, not to be written to, for who reads it piece by piece and checks it. Rejects as `get` does. */
  file(hash: Hash): Promise<string>;
}

/** Their content is in `blobs`: it is put there first, and no artifact names what is not there. */
export interface Artifacts {
  /** The same name again, of the same role, replaces it, and comes last. Rejects with a LimitError where a task has too many. */
  put(artifact: KeptArtifact): Promise<void>;
  /** In the order in which they were put. */
  list(task: TaskId): Promise<KeptArtifact[]>;
  /** Says that content is on its way: who looks for it waits. Ends with `put`, `withdraw`, or the attempt. */
  announce(upload: Upload): Promise<void>;
  withdraw(upload: Upload): Promise<void>;
  /** By name, an `output` unless told. Waits for what is announced; undefined where there is none. Rejects with the signal's reason. */
  find(
    task: TaskId,
    name: string,
    options?: { role?: ArtifactRole; signal?: AbortSignal },
  ): Promise<KeptArtifact | undefined>;
}

export type Upload = Pick<KeptArtifact, "task" | "role" | "name" | "attempt">;

export interface Metrics {
  /** Also appends one event a batch and series, with its last point. Rejects with a LimitError where a task has too many series. */
  append(points: Scalar[]): Promise<void>;
  /** In order; with `points`, about so many of them, with the least and greatest among those that are left out. */
  read(task: TaskId, title: string, series: string, options?: { points?: number }): Promise<Scalar[]>;
  summaries(task: TaskId): Promise<ScalarSummary[]>;
  progress(task: TaskId, attempt: number, fraction: number): Promise<void>;
}

export interface Logs {
  /** Of a task that says very much, the first and the latest lines stay. */
  append(lines: LogLine[]): Promise<void>;
  /** In order. */
  read(task: TaskId, range?: LogRange): Promise<KeptLine[]>;
  /**
   * What the task, and everything that runs for it, says: what it has said, or the `last` lines of it, in order of time, and then what it says from now
   * on, in batches, until stopped.
   */
  follow(task: TaskId, listener: (lines: KeptLine[]) => void, options?: { last?: number }): () => void;
}

export interface Figures {
  /** The same kind, title and iteration again replaces it. Rejects with a LimitError where a task has too many. */
  put(figures: Figure[]): Promise<void>;
  /** By title, then iteration. */
  list(task: TaskId): Promise<Figure[]>;
}

/** How an agent runs tasks of one kind of code. */
export interface Executor {
  readonly kind: Code["kind"];
  /** Its tasks, or those of them, mostly wait for other tasks: they hold no slot, so that a task and what it waits for never want the same one. */
  readonly waits?: true | ((task: Task) => boolean);
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
