import { type StepContext, stepContext } from "../model/context.ts";
import {
  bindHost,
  boundHost,
  type RunningTask,
  scriptContext,
  type TaskHandle,
  type TaskHost,
} from "../model/task-handle.ts";
import { runtime } from "./runtime.ts";

/** A task as a program holds it. */
export type Task<In extends object = Record<string, unknown>, Out = unknown> = TaskHandle<In, Out>;

/**
 * The task that runs, seen from inside it, and tasks as a script finds, makes, enqueues and awaits them. They live where `REPRISE_STORE` says,
 * else in `.reprise`; a script that an agent runs has those of the agent.
 */
export const Task: TaskHost & { current(): StepContext } = {
  /**
   * The context of the running step: `scalar`, `progress`, `artifact`, `log`, `signal`, `idempotencyKey`. In a plain
   * call it is a stand-in that prints. Throws an Error outside of a step; in a pipeline's body it is a compile problem.
   *
   * @example
   * export const train = step(async ({ depth }: { depth: number }) => {
   *   Task.current().scalar("accuracy", "train", 1 - 0.5 ** depth, depth); // title, series, value, iteration
   *   await Task.current().artifact("notes.txt", "a deep tree");
   * });
   */
  current() {
    const context = stepContext.getStore() ?? scriptContext();
    if (context === undefined)
      throw new Error(
        "Task.current() was called where no step runs: call it inside a step, before or after its awaits",
      );
    return context;
  },

  /**
   * Makes this process a task. By hand it is a new one, which ends as the process does; run by an agent it is the task that the agent claimed.
   *
   * @example
   * const task = await Task.init({ project: "examples", name: "train template" });
   * const { rate } = await task.connect({ rate: 0.8 });
   */
  async init(options): Promise<RunningTask> {
    return (await host()).init(options);
  },

  /**
   * Registers a script, or a command, as a draft, without running it.
   *
   * @example
   * await Task.create({ project: "examples", name: "train", script: "train.ts" });
   * await Task.create({ name: "fit", command: "python fit.py --rate={rate}", parameters: { rate: 0.1 } });
   */
  async create(options) {
    return (await host()).create(options);
  },

  /** Rejects with a ConflictError where there is none. */
  async get(reference) {
    return (await host()).get(reference);
  },

  /** The newest first; steps of runs are not among them. */
  async query(query) {
    return (await host()).query(query);
  },

  /** Those that tasks name, each with how many tasks it and those below it have. */
  async projects() {
    return (await host()).projects();
  },

  /**
   * A new draft with a task's code, parameters and configuration, and none of what it has made.
   *
   * @example
   * const clone = await Task.clone(await Task.get({ name: "train template" }), { parameters: { rate: 0.1 } });
   */
  async clone(task, options) {
    return (await host()).clone(task, options);
  },

  /** Lets a draft, or what failed or was aborted, wait for an agent. Rejects with a ParamsError where a parameter is missing. */
  async enqueue(task, options) {
    return (await host()).enqueue(task, options);
  },

  /** What waits is a draft again. Rejects with a ConflictError where it does not wait. */
  async dequeue(task) {
    return (await host()).dequeue(task);
  },

  /** With all that ran for it. Rejects with a ConflictError that says what keeps it. */
  async delete(task) {
    return (await host()).delete(task);
  },
};

/** Who has bound one keeps the tasks; else the package's own runtime does, which is loaded only then. */
async function host(): Promise<TaskHost> {
  const known = boundHost();
  if (known !== undefined) return known;
  const opening = runtime<{ taskHost(): Promise<TaskHost> }>().then(({ taskHost }) => taskHost());
  bindHost(opening);
  return opening;
}
