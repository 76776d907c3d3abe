/** The options that a step, a call or a pipeline carries in the graph and on its task: those of the author, in one form and one unit. */
import { z } from "zod";
import { type Duration, durationMs } from "./duration.ts";
import { type Retry, type RetryPolicy, retryPolicy, retryPolicySchema } from "./retry.ts";
import { type TaskType, taskTypes } from "./task-type.ts";

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

export const taskOptionsSchema: z.ZodType<TaskOptions> = z.strictObject({
  type: z.enum(taskTypes),
  queue: z.string().min(1),
  tags: z.array(z.string()).optional(),
  project: z.string().optional(),
  retry: retryPolicySchema.optional(),
  timeLimitMs: z.number().positive().optional(),
  priority: z.int().optional(),
});

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
