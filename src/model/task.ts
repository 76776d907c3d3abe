/** Tasks: the one noun that steps, templates and controllers share, and its table of moves. */
import type { Failure } from "./failure.ts";
import type { Hash } from "./hash.ts";
import type { TaskOptions } from "./options.ts";

export const taskStatuses = ["draft", "queued", "running", "completed", "failed", "aborted"] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export type Move =
  | "enqueue"
  | "cache"
  | "dequeue"
  | "claim"
  | "complete"
  | "fail"
  | "abort"
  | "requeue"
  | "retry"
  | "reset";

/** From → the moves out of it → to. Each is a compare-and-set; what is not here is refused. */
export const moves: Record<TaskStatus, Partial<Record<Move, TaskStatus>>> = {
  draft: { enqueue: "queued", cache: "completed" },
  queued: { dequeue: "draft", claim: "running", abort: "aborted" },
  running: { complete: "completed", fail: "failed", abort: "aborted", requeue: "queued" },
  failed: { retry: "queued", reset: "draft" },
  aborted: { retry: "queued", reset: "draft" },
  completed: { reset: "draft" },
};

export const ended = (status: TaskStatus): boolean =>
  status === "completed" || status === "failed" || status === "aborted";

export type TaskId = string;

/**
 * What a task runs. `controller`: the graph of the pipeline with that hash, or with `definition` that of one which it calls; `code`: a function
 * of a bundle.
 */
export type Code =
  | { kind: "controller"; pipeline: Hash; definition?: string }
  | { kind: "code"; bundle: Hash; export: string };

export type Task = {
  id: TaskId;
  name: string;
  project?: string;
  /**
   * The controller task that it runs for, and its path there; absent for a task of its own. A controller that nobody called is its own `run`; one
   * that a run called as a step is of that run, as any step is, and a run for its own steps.
   */
  run?: TaskId;
  path?: string;
  /** The task that it was cloned from. */
  parent?: TaskId;
  status: TaskStatus;
  options: TaskOptions;
  code: Code;
  /** Made to be cloned; hidden from lists unless asked for. */
  template: boolean;
  /** The encoded input (`value.ts`); absent where the function takes none. */
  input?: Stored;
  /** The encoded output of a completed task. */
  output?: Stored;
  failure?: Failure;
  /** The latest attempt, from 1; 0 where none was made. */
  attempt: number;
  /** 0 to 1, as the step last reported it. */
  progress?: number;
  createdAt: number;
  queuedAt?: number;
  startedAt?: number;
  endedAt?: number;
};

/** An encoded value: inline, or as a content-addressed blob where it is large. */
export type Stored = { text: string } | { blob: Hash; bytes: number };

export type AttemptOutcome = "running" | "completed" | "failed" | "aborted" | "lost";

/** A numbered record of one try at a task. */
export type Attempt = {
  task: TaskId;
  number: number;
  agent: string;
  outcome: AttemptOutcome;
  failure?: Failure;
  startedAt: number;
  endedAt?: number;
};

export type Agent = {
  id: string;
  host: string;
  pid: number;
  /** When that process started, as the operating system says it: tells a living owner from another process with its number. */
  processStart: string;
  queues: string[];
  slots: number;
  /** After this time the agent is taken for dead, wherever it runs. Milliseconds since 1970. */
  leaseUntil: number;
};
