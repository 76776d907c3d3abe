/** The schemas of options, apart from their types: the DSL has the types, and is bundled into steps without zod. */
import { z } from "zod";
import type { TaskOptions } from "./options.ts";
import type { RetryPolicy } from "./retry.ts";
import { taskTypes } from "./task-type.ts";

const retryPolicySchema: z.ZodType<RetryPolicy> = z.strictObject({
  limit: z.int().nonnegative(),
  delayMs: z.number().nonnegative(),
  factor: z.number().min(1),
  maxDelayMs: z.number().nonnegative(),
  when: z.array(z.string()).optional(),
});

export const taskOptionsSchema: z.ZodType<TaskOptions> = z.strictObject({
  type: z.enum(taskTypes),
  queue: z.string().min(1),
  tags: z.array(z.string()).optional(),
  project: z.string().optional(),
  retry: retryPolicySchema.optional(),
  timeLimitMs: z.number().positive().optional(),
  priority: z.int().optional(),
  onFailure: z.enum(["finish", "continue"]).optional(),
});
