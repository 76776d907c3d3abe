/** The options that a step, a call or a pipeline carries in the graph and on its task: those of the author, in one form and one unit. */
import { type Duration, durationMs } from "./duration.ts";
import { type Retry, type RetryPolicy, retryPolicy } from "./retry.ts";
import type { TaskType } from "./task-type.ts";

/**
 * What a failure that nobody caught means for what still runs. `stop`: it is aborted. `finish`: steps that were called may end, and nothing new begins.
 * `continue`: what does not depend on the failure goes on, new steps included. In each case the pipeline ends failed, with that failure.
 */
export type OnFailure = "stop" | "finish" | "continue";

/** As an author writes them. */
export type Options = {
  /** Default: the name of the variable, or of the method. */
  name?: string;
  /** Where it belongs, for lists. */
  project?: string;
  /** For lists. */
  tags?: readonly string[];
  /** One of the types of tasks; default `training` for steps, `controller` for pipelines. */
  type?: TaskType;
  /** Where the clones are enqueued; default `default` for steps, `services` for pipelines. */
  queue?: string;
  /** Further attempts after a failure, or the details. */
  retry?: Retry;
  /** Running time, not queueing, of one attempt. */
  timeLimit?: Duration;
  /** Higher goes first within a queue; default 0. */
  priority?: number;
  /** Of a pipeline: what still runs when it has failed; default `stop`. */
  onFailure?: OnFailure;
};

/** As the graph and the task keep them. */
export type TaskOptions = {
  type: TaskType;
  queue: string;
  tags?: string[];
  project?: string;
  retry?: RetryPolicy;
  timeLimitMs?: number;
  priority?: number;
  onFailure?: Exclude<OnFailure, "stop">;
};

/** Throws a RangeError with one sentence where an option is out of its range. */
export function taskOptions(options: Options, role: "step" | "pipeline"): TaskOptions {
  const { tags, project, retry, timeLimit, priority, onFailure = "stop" } = options;
  return {
    type: options.type ?? (role === "step" ? "training" : "controller"),
    queue: options.queue ?? (role === "step" ? "default" : "services"),
    ...(tags?.length && { tags: [...tags] }),
    ...(project !== undefined && { project }),
    ...(retry !== undefined && retry !== 0 && { retry: retryPolicy(retry) }),
    ...(timeLimit !== undefined && { timeLimitMs: durationMs(timeLimit) }),
    ...(priority !== undefined && { priority }),
    ...(onFailure !== "stop" && { onFailure }),
  };
}
