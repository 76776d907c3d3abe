/**
 * Tasks as programs hold them: what `Task.get`, `Task.clone` and `Task.init` give. Whoever keeps tasks binds a host: a script that runs by itself, an agent
 * that runs one, or `open`. A script's own copy of the DSL finds it by a global symbol, not by a module.
 */
// Of rxjs only this: who compiles a pipeline reads the types of all that its file imports.
import type { Observable } from "rxjs/internal/Observable";
import type { Artifact } from "./artifact.ts";
import type { Command } from "./command.ts";
import type { ConfigurationObject } from "./configuration.ts";
import type { StepContext } from "./context.ts";
import type { Duration } from "./duration.ts";
import type { Json } from "./json.ts";
import type { LogLine } from "./log.ts";
import type { Scalar, ScalarSummary } from "./metric.ts";
import type { Options } from "./options.ts";
import type { Retry } from "./retry.ts";
import type { Attempt, Task, TaskId, TaskStatus } from "./task.ts";
import type { TaskType } from "./task-type.ts";

/** Parameters are one object. */
export type Parameters = { [name: string]: unknown };

/** A task and what it was when it was last looked at: every method that changes it, or waits for it, looks again. */
export interface TaskHandle<In extends object = Parameters, Out = unknown> {
  readonly id: TaskId;
  readonly name: string;
  readonly project: string | undefined;
  readonly type: TaskType;
  readonly status: TaskStatus;
  readonly tags: readonly string[];
  /** An empty object where it has none. */
  readonly parameters: In;
  /** Of one that has completed. */
  readonly output: Out | undefined;
  /** Of one that failed or was aborted. */
  readonly error: Error | undefined;
  /** From 0 to 1. */
  readonly progressed: number | undefined;
  /** It waits in a queue that no living agent serves. */
  readonly unserved: boolean;
  /** Everything that the store says of it. */
  readonly record: Readonly<Task>;
  /** What its series have come to, in the order in which they began. */
  readonly metrics: readonly ScalarSummary[];
  /** What a series has come to: `last`, `min`, `max`. */
  metric(title: string, series: string): ScalarSummary | undefined;

  /** Looks at it again. */
  reload(): Promise<this>;
  /** Each try at it, the first first. */
  attempts(): Promise<Attempt[]>;
  /** What it has made, and what it took, in the order in which they were kept. */
  artifacts(): Promise<Artifact[]>;
  /** Waits for one that is being uploaded. Rejects with an Error where there is none of that name. */
  artifact(name: string): Promise<Artifact>;
  /** What it has said so far. */
  logs(): Promise<LogLine[]>;
  /** Its configuration objects, by name. */
  configuration(): Promise<ConfigurationObject[]>;

  /** In place of all that it has. Rejects with a ParamsError that names each wrong field. Only of a draft, as all that is edited. */
  setParameters(parameters: Partial<In>): Promise<this>;
  /** These, and what it has besides them. */
  updateParameters(parameters: Partial<In>): Promise<this>;
  /** Text, or what JSON can hold; `null` takes it away. */
  setConfiguration(name: string, value: Json, options?: { description?: string }): Promise<this>;
  /** What is said for people (`name`, `project`, `tags`, `comment`) may change until it is published, the others while it is a draft. */
  edit(edit: TaskEdit): Promise<this>;
  /** Beside those that it has. */
  addTags(...tags: string[]): Promise<this>;
  /** Those that it does not have do not matter. */
  removeTags(...tags: string[]): Promise<this>;

  /** A new draft with its code, parameters and configuration, and none of what it has made. */
  clone(options?: CloneOptions): Promise<TaskHandle<In, Out>>;
  /** It waits for an agent from then on. Rejects with a ParamsError where a parameter is missing. */
  enqueue(options?: EnqueueOptions): Promise<this>;
  /** What waits is a draft again. Rejects with a ConflictError where it does not wait. */
  dequeue(): Promise<this>;
  /** False where it had ended. */
  abort(reason?: string): Promise<boolean>;
  /** What has ended is a draft again, and what it has made is gone. */
  reset(): Promise<this>;
  /** What has ended is read-only from then on. */
  publish(): Promise<this>;
  /** Puts it aside, so that lists leave it out; with `false` takes it back. */
  archive(archived?: boolean): Promise<this>;
  /** With all that ran for it. Rejects with a ConflictError that says what keeps it. */
  delete(): Promise<void>;

  /**
   * Resolves when it has a status of those, by default any in which it has ended. Rejects with an Error where it ends in another, with a
   * TimeoutError after `timeout`, which leaves the task as it is, and with the signal's reason.
   */
  wait(options?: WaitOptions): Promise<this>;
  /** The status now, and each one that follows, to its end. */
  readonly status$: Observable<TaskStatus>;
  /** Points of its series; of many that were reported at once, the last. From the beginning, to its end. */
  readonly metrics$: Observable<Pick<Scalar, "title" | "series" | "value" | "iteration">>;
  readonly progress$: Observable<number>;
  readonly logs$: Observable<LogLine>;
}

/** The task that runs here: what it is told. What it reports goes by `Task.current()`, as in a step. */
export interface RunningTask extends TaskHandle {
  /**
   * The parameters as they hold. Run by hand, these are the given ones, which are recorded; run by an agent, what the task was given goes before
   * them. A name puts them into a field of that name. Each parameter is named here: one without a default is `undefined`.
   */
  connect<T extends object>(defaults: T & Named<T>, name?: string): Promise<T>;
  /** The same for a configuration object: text, or what JSON can hold. */
  connectConfiguration<T extends Json>(name: string, value: T, options?: { description?: string }): Promise<T>;
  /** What the task gives to whoever waits for it, when it completes. */
  returns(output: unknown): void;
  /**
   * Run by hand, the script ends here, and its task waits in that queue for an agent, which runs it from the beginning; without a queue it stays a
   * draft. Run by an agent, nothing happens.
   */
  executeRemotely(options?: { queue?: string }): Promise<void>;
  /** Ends it as completed, before its process does. */
  close(): Promise<void>;
}

/** Fields that may be left out are there, if only as `undefined`: what a type says does not exist when a script runs. */
type Named<T> = { [K in keyof Required<T>]: T[K] };

/** What a process that makes itself a task says of it; default: the name of its file. */
export type InitOptions = {
  name?: string;
  project?: string;
  type?: TaskType;
  tags?: readonly string[];
  comment?: string;
  queue?: string;
};

/** A script or a command as a draft, and what is said of it. */
export type CreateOptions = Omit<InitOptions, "queue"> &
  Pick<
    Options,
    "queue" | "retry" | "timeLimit" | "priority" | "concurrency" | "rate" | "resources" | "env" | "secrets"
  > & {
    parameters?: Parameters;
    id?: TaskId;
  } & (CreatedScript | CreatedCommand);

/** The file of a script. */
type CreatedScript = { script: string; command?: never; folder?: never };

/**
 * Any program: one line, which is split into words and which no shell reads, or the program and its arguments. An argument `{rate}` or `--rate={rate}` is that
 * parameter. `folder`: what it finds where it starts; without it, the files there are that its arguments name.
 */
type CreatedCommand = { command: Command; folder?: string; script?: never };

/** What may be changed of a task; `null` takes it away. */
export type TaskEdit = {
  name?: string;
  comment?: string | null;
  tags?: readonly string[];
  project?: string | null;
  type?: TaskType;
  queue?: string;
  priority?: number;
  retry?: Retry;
  timeLimit?: Duration;
};

/** What a clone has instead of what it would have from the task that it is cloned from. */
export type CloneOptions = {
  id?: TaskId;
  name?: string;
  comment?: string;
  project?: string;
  tags?: readonly string[];
  parameters?: Parameters;
};
/** Which queue, instead of the task's own. */
export type EnqueueOptions = { queue?: string };
/** What is waited for, and how long. */
export type WaitOptions = { status?: TaskStatus | readonly TaskStatus[]; timeout?: Duration; signal?: AbortSignal };

/** By its id, or by its name, of which the newest is meant that is not archived. */
export type TaskReference = TaskId | { id: TaskId } | { project?: string; name: string };

/** Which tasks are listed, and in which order. */
export type TaskQuery = {
  /** With those below it. */
  project?: string;
  name?: string;
  /** All of them; with a `-` before it, none that has it. */
  tags?: readonly string[];
  type?: TaskType;
  status?: TaskStatus | readonly TaskStatus[];
  /** Clones of that task. */
  parent?: TaskId;
  text?: string;
  /** True: only those; default: none of them. */
  archived?: boolean;
  /** `created`, `started`, `ended`, `name`, `status`; with a `-` before it the greatest first. Default `-created`. */
  order?: string;
  limit?: number;
};

type Of<In extends object, Out> = TaskHandle<In, Out> | TaskId;

/** What `Task` speaks to. */
export interface TaskHost {
  /** Makes this process a task. */
  init(options?: InitOptions): Promise<RunningTask>;
  /** Registers a script or a command as a draft. */
  create(options: CreateOptions): Promise<TaskHandle>;
  /** Rejects with a ConflictError where there is none. */
  get<In extends object = Parameters, Out = unknown>(reference: TaskReference): Promise<TaskHandle<In, Out>>;
  /** The newest first, unless told. */
  query(query?: TaskQuery): Promise<TaskHandle[]>;
  /** Those that tasks name, with how many, by name. */
  projects(): Promise<{ name: string; tasks: number }[]>;
  /** A new draft from a task. */
  clone<In extends object = Parameters, Out = unknown>(
    task: Of<In, Out>,
    options?: CloneOptions,
  ): Promise<TaskHandle<In, Out>>;
  /** Lets it wait for an agent. */
  enqueue<In extends object = Parameters, Out = unknown>(
    task: Of<In, Out>,
    options?: EnqueueOptions,
  ): Promise<TaskHandle<In, Out>>;
  /** What waits is a draft again. */
  dequeue<In extends object = Parameters, Out = unknown>(task: Of<In, Out>): Promise<TaskHandle<In, Out>>;
  /** With all that ran for it. */
  delete<In extends object = Parameters, Out = unknown>(task: Of<In, Out>): Promise<void>;
}

const hostKey = Symbol.for("reprise.taskHost");
const scriptKey = Symbol.for("reprise.scriptContext");
const bound = globalThis as { [hostKey]?: TaskHost | Promise<TaskHost>; [scriptKey]?: StepContext };

export const boundHost = (): TaskHost | Promise<TaskHost> | undefined => bound[hostKey];

export function bindHost(host: TaskHost | Promise<TaskHost>): void {
  bound[hostKey] = host;
}

/** Where a step finds tasks, in a process that is not its own: a module that exports `taskHostIn`, and the folder of the store. */
export type TaskSource = { module: string; folder: string };

/** The store is opened when somebody asks: few steps do. */
export function bindHostLazily(open: () => Promise<TaskHost>): void {
  const define = (property: PropertyDescriptor) =>
    Object.defineProperty(bound, hostKey, { configurable: true, ...property });
  define({
    get() {
      const host = open();
      define({ value: host, writable: true });
      return host;
    },
  });
}

/** What the script of this process reports to, where it has made itself a task. */
export const scriptContext = (): StepContext | undefined => bound[scriptKey];

export function bindScript(context: StepContext | undefined): void {
  if (context === undefined) delete bound[scriptKey];
  else bound[scriptKey] = context;
}
