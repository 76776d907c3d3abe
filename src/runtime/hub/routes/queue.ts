import * as z from "zod";
import type { Agent } from "../../../model/task.ts";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";
import { anyNumber, attempt, failure, id, stored, task, time } from "./tasks.ts";

const name = z.string().min(1);
const amounts = z.record(z.string(), z.number());

const agent = z.strictObject({
  id: name,
  host: z.string(),
  pid: z.int(),
  processStart: z.string(),
  queues: z.array(name),
  slots: z.int().nonnegative(),
  resources: amounts.optional(),
  run: id.optional(),
  leaseUntil: time,
}) satisfies z.ZodType<Agent>;

const claim = z.strictObject({
  task,
  attempt,
  earlier: z.strictObject({ failures: z.int(), timedOut: z.int(), lost: z.int() }),
  isNew: z.literal(true).optional(),
});

/** What an agent has claimed and not reported, as it knows it. */
export const holding = z.array(z.strictObject({ task: id, attempt }));

const report = { task: id, attempt, agent: name };
const outcome = z.discriminatedUnion("outcome", [
  z.strictObject({ ...report, outcome: z.literal("completed"), output: stored.optional() }),
  z.strictObject({ ...report, outcome: z.literal("failed"), failure }),
  z.strictObject({ ...report, outcome: z.literal("aborted"), reason: z.string() }),
  z.strictObject({ ...report, outcome: z.literal("retry"), failure, notBefore: time.optional() }),
]);

const entry = z.strictObject({
  task: id,
  name: z.string(),
  queue: name,
  position: z.int(),
  priority: z.number(),
  queuedAt: time,
  notBefore: time.optional(),
  held: z.literal(true).optional(),
});

const state = z.strictObject({
  name,
  paused: z.boolean(),
  limit: z.int().optional(),
  waiting: z.int(),
  running: z.int(),
  oldestAt: time.optional(),
  agents: z.array(name),
});

export const queue: ShapesOf<Ports["queue"]> = {
  join: { says: "makes an agent known, or renews what is known of it", takes: agent },
  renew: { says: "extends the lease of everything that an agent runs", takes: z.strictObject({ leaseUntil: time }) },
  leave: { says: "forgets an agent" },
  agents: { says: "the agents that are known", gives: z.array(agent) },
  claim: {
    says: "takes up to `limit` due entries of queues; and when the next one that is not yet due will be",
    takes: z.strictObject({
      agent: name,
      queues: z.array(name),
      limit: z.int().nonnegative(),
      run: id.optional(),
      resources: z.record(z.string(), anyNumber).optional(),
    }),
    gives: z.strictObject({ claims: z.array(claim), dueAt: time.optional() }),
  },
  report: {
    says: "what an attempt came to; false where it is not the task's running one any more",
    takes: outcome as unknown as z.ZodObject,
    gives: z.boolean(),
  },
  list: { says: "the queues that are known, by name", gives: z.array(state) },
  entries: {
    says: "what waits in a queue, in the order in which it is claimed",
    takes: z.strictObject({ limit: z.int().nonnegative().optional() }),
    gives: z.array(entry),
  },
  move: {
    says: "moves what waits to another queue, another place, or both",
    takes: z.strictObject({
      queue: name.optional(),
      position: z.union([z.enum(["front", "back"]), z.int(), z.strictObject({ by: z.int() })]).optional(),
    }),
    gives: entry,
  },
  clear: { says: "everything that waits in a queue is a draft again", gives: z.array(id) },
  limit: {
    says: "at most so many tasks of a queue run at once; without a limit, any number",
    takes: z.strictObject({ limit: z.int().min(1).optional() }),
  },
  pause: { says: "stops claims from a queue, or lets them go on", takes: z.strictObject({ paused: z.boolean() }) },
};
