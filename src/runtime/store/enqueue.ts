/** Into a queue by hand, and out of it again. */
import type { TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import { setOptions } from "./edit.ts";
import { addEntry, withdrawEntry } from "./entries.ts";
import { moveSql } from "./moves.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";
import { noteUncovered } from "./unserved.ts";

const enqueue = moveSql("enqueue", "queued_at = ?");
const retry = moveSql("retry", "queued_at = ?, started_at = null, ended_at = null, progress = null, reason = null");
const dequeue = moveSql("dequeue", "queued_at = null");

/** Inside an operation, as below. Throws a ConflictError where the task is neither a draft nor one that failed or was aborted. */
export function enqueueTask(tables: Tables, id: TaskId, queue: string | undefined, at: number): TaskRef {
  const { database, configurations, tasks, events } = tables;
  const task = tasks.state(id);
  if (task.template)
    throw new ConflictError(`the task "${id}" belongs to a registered pipeline: clone it, and enqueue the clone`);
  if (task.published)
    throw new ConflictError(`the task "${id}" is published, and cannot run again: clone it, and enqueue the clone`);
  const { code, options } = configurations.get(task.configuration);
  if (code.kind === "script" && code.bundle === undefined)
    throw new ConflictError(
      `the task "${id}" has no code that an agent could run: ${code.entry} was never bundled. Register it with reprise task create --script`,
    );
  const inQueue = queue === undefined || queue === options.queue ? options : { ...options, queue };
  if (database.run(task.status === "draft" ? enqueue : retry, at, task.key).changes === 0)
    throw new ConflictError(
      `the task "${id}" is ${task.status}, and cannot be enqueued: ${remedies[task.status] ?? "clone it"}`,
    );
  if (inQueue !== options) setOptions(tables, task, inQueue);
  addEntry(tables, task, inQueue, events.append(task, at, { kind: "queued", queue: inQueue.queue }));
  if (inQueue.resources) noteUncovered(tables, task, inQueue.queue, inQueue.resources, at);
  return task;
}

const remedies: Record<string, string> = {
  queued: "it waits already; move it to another place or queue",
  completed: "reset it, or clone it",
};

export function dequeueTask(tables: Tables, id: TaskId, at: number): TaskRef {
  const { database, tasks, events } = tables;
  const task = tasks.state(id);
  if (database.run(dequeue, task.key).changes === 0)
    throw new ConflictError(`the task "${id}" is ${task.status}: only what waits in a queue can be taken out of it`);
  withdrawEntry(tables, task.key, at);
  events.append(task, at, { kind: "dequeued" });
  return task;
}
