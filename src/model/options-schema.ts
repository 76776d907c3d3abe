/** The schemas of options, apart from their types: the DSL has the types, and is bundled into steps without zod. */
import * as z from "zod";
import type { CachePolicy } from "./cache.ts";
import type { Monitor } from "./monitor.ts";
import type { TaskOptions } from "./options.ts";
import type { Rerun } from "./rerun.ts";
import type { RetryPolicy } from "./retry.ts";
import { taskTypes } from "./task-type.ts";

const retryPolicySchema: z.ZodType<RetryPolicy> = z.strictObject({
  limit: z.int().nonnegative(),
  delayMs: z.number().nonnegative(),
  factor: z.number().min(1),
  maxDelayMs: z.number().nonnegative(),
  when: z.array(z.string()).optional(),
  timedOut: z.int().nonnegative().optional(),
  lost: z.int().nonnegative().optional(),
});

export const cachePolicySchema: z.ZodType<CachePolicy> = z.strictObject({
  key: z.string().min(1).optional(),
  ttlMs: z.number().nonnegative().optional(),
  scope: z.enum(["store", "project"]),
});

const selectors = z.array(z.union([z.string().min(1), z.tuple([z.string().min(1), z.string().min(1)])])).optional();
const monitorSchema: z.ZodType<Monitor> = z.strictObject({
  metrics: selectors,
  artifacts: selectors,
  models: selectors,
});

const taskOptionsShape = z.strictObject({
  type: z.enum(taskTypes),
  queue: z.string().min(1),
  tags: z.array(z.string()).optional(),
  project: z.string().optional(),
  cache: cachePolicySchema.optional(),
  retry: retryPolicySchema.optional(),
  timeLimitMs: z.number().positive().optional(),
  priority: z.int().optional(),
  onFailure: z.enum(["finish", "continue"]).optional(),
  concurrency: z.strictObject({ limit: z.int().min(1), key: z.string().min(1).optional() }).optional(),
  rate: z.strictObject({ count: z.int().min(1), perMs: z.number().positive() }).optional(),
  env: z.record(z.string(), z.string()).optional(),
  secrets: z.array(z.string()).optional(),
  resources: z.record(z.string(), z.number().positive()).optional(),
  monitor: monitorSchema.optional(),
});

export const taskOptionsSchema: z.ZodType<TaskOptions> = taskOptionsShape;
/** Those that stand in place of others. */
export const overridesSchema: z.ZodType<Partial<TaskOptions>> = taskOptionsShape.partial();

/** As tasks keep them: a run says also which steps it does again, and of which run. */
export const rerunSchema: z.ZodType<Rerun> = z.strictObject({
  of: z.string().min(1),
  from: z.array(z.string()).optional(),
});
const keptOptionsShape = taskOptionsShape.extend({
  refresh: z.union([z.literal(true), z.array(z.string())]).optional(),
  rerun: rerunSchema.optional(),
});
export const keptOptionsSchema: z.ZodType<TaskOptions> = keptOptionsShape;
export const keptOverridesSchema: z.ZodType<Partial<TaskOptions>> = keptOptionsShape.partial();
