/** Queues, and the agents that serve them. */
import type { Failure } from "../../model/failure.ts";
import type { Amounts } from "../../model/resources.ts";
import type { Earlier } from "../../model/retry.ts";
import type { Agent, Stored, Task, TaskId } from "../../model/task.ts";

export interface Queue {
  /** Makes the agent known, or renews what is known of it. */
  join(agent: Agent): Promise<void>;
  /** Extends the lease of everything that the agent runs. */
  renew(agent: string, leaseUntil: number): Promise<void>;
  leave(agent: string): Promise<void>;
  agents(): Promise<Agent[]>;
  /** The agents that are known, now and whenever they are others, until stopped. Their leases are renewed meanwhile: it does not tell that. */
  roster(reader: RosterReader): () => void;
  /** Takes up to `limit` due entries, by the order of the queues, then priority, then age, and moves their tasks to `running`. */
  claim(request: ClaimRequest): Promise<Claimed>;
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

export type RosterReader = {
  hear(agents: Agent[]): void;
  /** The store could not be read. */
  fail(error: unknown): void;
};

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

/** `dueAt`: when the next entry of those queues that is not yet due will be; left out where there is none. */
export type Claimed = { claims: Claim[]; dueAt?: number };

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
