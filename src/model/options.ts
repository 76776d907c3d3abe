/** The options that a step, a call or a pipeline carries in the graph and on its task: those of the author, in one form and one unit. */
import { type Duration, durationMs } from "./duration.ts";
import { type Retry, type RetryPolicy, retryPolicy } from "./retry.ts";
import type { TaskType } from "./task-type.ts";

/** As an author writes them. */
export type Options = {
  name?: string;
  project?: string;
  tags?: readonly string[];
  type?: TaskType;
  /** Where the clones are enqueued; default `default` for steps, `services` for pipelines. */
  queue?: string;
  /** Further attempts after a failure, or the details. */
  retry?: Retry;
  /** Running time, not queueing, of one attempt. */
  timeLimit?: Duration;
  /** Higher goes first within a queue; default 0. */
  priority?: number;
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
};

/** Throws a RangeError with one sentence where an option is out of its range. */
export function taskOptions(options: Options, role: "step" | "pipeline"): TaskOptions {
  const { tags, project, retry, timeLimit, priority } = options;
  return {
    type: options.type ?? (role === "step" ? "training" : "controller"),
    queue: options.queue ?? (role === "step" ? "default" : "services"),
    ...(tags?.length && { tags: [...tags] }),
    ...(project !== undefined && { project }),
    ...(retry !== undefined && retry !== 0 && { retry: retryPolicy(retry) }),
    ...(timeLimit !== undefined && { timeLimitMs: durationMs(timeLimit) }),
    ...(priority !== undefined && { priority }),
  };
}
