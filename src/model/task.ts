/** Tasks: the one noun that steps, templates and controllers share, and its table of moves. */
import type { Failure } from "./failure.ts";
import type { Hash } from "./hash.ts";
import type { TaskOptions } from "./options.ts";
import type { Amounts } from "./resources.ts";
import type { JsonSchema } from "./template.ts";

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
 * of a bundle; `script`: a bundle as a program of its own; `command`: any program and its arguments, which run in a new folder with the files of that archive,
 * or an empty one. `input`: what its parameters must be, where that is known. A script that was never bundled has only its `entry`, the author's file, and
 * cannot be run again.
 */
export type Code =
  | { kind: "controller"; pipeline: Hash; definition?: string }
  | { kind: "code"; bundle: Hash; export: string; input?: JsonSchema }
  | { kind: "script"; entry: string; bundle?: Hash; input?: JsonSchema }
  | { kind: "command"; run: string[]; files?: Hash; input?: JsonSchema };

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
  /** The encoded input (`value.ts`), which is the task's parameters; absent where it takes none. */
  input?: Stored;
  /** The encoded output of a completed task. */
  output?: Stored;
  failure?: Failure;
  /** The latest attempt, from 1; 0 where none was made. */
  attempt: number;
  /** 0 to 1, as the step last reported it. */
  progress?: number;
  /** For people: what somebody noted of it. */
  comment?: string;
  /** Read-only from then on. */
  published?: true;
  /** Put aside: lists leave it out unless asked. */
  archived?: true;
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
  /** 0: it takes nothing more, and ends when what it runs has ended. */
  slots: number;
  /** What it has to give to tasks that need something. */
  resources?: Amounts;
  /** It serves only that run. */
  run?: TaskId;
  /** After this time the agent is taken for dead, wherever it runs. Milliseconds since 1970. */
  leaseUntil: number;
};
