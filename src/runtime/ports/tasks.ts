/** Tasks: the records of everything that runs, and how people change them. */
import type { ConfigurationContent, ConfigurationObject } from "../../model/configuration.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Attempt, Code, Stored, Task, TaskId, TaskStatus } from "../../model/task.ts";

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
