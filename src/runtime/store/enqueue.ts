/** Into a queue, and by hand out of it again. */
import type { TaskOptions } from "../../model/options.ts";
import type { TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import { archiveLatest } from "./attempts.ts";
import { setOptions } from "./edit.ts";
import { laneOf, leaveRoom } from "./lanes.ts";
import { move } from "./moves.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";
import { forgetUnserved, tellUnserved } from "./unserved.ts";

/** Inside an operation: puts a task, of which an event says that it is queued, into its queue. */
export function enqueue(
  { rows, waiting }: Tables,
  task: TaskRow,
  options: TaskOptions,
  at: number,
  notBefore?: number,
): void {
  const { queue, priority = 0, resources } = options;
  const lane = laneOf(task, options);
  const isElsewhere = queue !== task.queue || priority !== task.priority || lane !== task.lane;
  const needs = resources !== undefined || task.resources !== undefined;
  task.status = "queued";
  task.queuedAt = at;
  task.queue = queue;
  task.priority = priority;
  // Until its event has a number.
  task.age = null;
  task.notBefore = notBefore ?? null;
  task.lane = lane;
  task.resources = resources;
  rows.changed(task, isElsewhere || needs ? "edit" : "changes");
  waiting.add(task);
}

/** Inside an operation, as below. Throws a ConflictError where the task is neither a draft nor one that failed or was aborted. */
export function enqueueTask(tables: Tables, id: TaskId, queue: string | undefined, at: number): TaskRow {
  const { configurations, rows, events } = tables;
  const task = rows.ofId(id);
  if (task.template)
    throw new ConflictError(`the task "${id}" belongs to a registered pipeline: clone it, and enqueue the clone`);
  if (task.published)
    throw new ConflictError(`the task "${id}" is published, and cannot run again: clone it, and enqueue the clone`);
  const { code, options } = configurations.get(task.configuration);
  if (code.kind === "script" && code.bundle === undefined)
    throw new ConflictError(
      `the task "${id}" has no code that an agent could run: ${code.entry} was never bundled. Register it with reprise task create --script`,
    );
  const { status } = task;
  if (!move(task, status === "draft" ? "enqueue" : "retry"))
    throw new ConflictError(`the task "${id}" is ${status}, and cannot be enqueued: ${remedies[status] ?? "clone it"}`);
  if (status !== "draft") archiveLatest(tables, task, status as "failed" | "aborted", at);
  const inQueue = queue === undefined || queue === options.queue ? options : { ...options, queue };
  if (inQueue !== options) setOptions(tables, task, inQueue);
  events.append(task, at, { kind: "queued", queue: inQueue.queue });
  enqueue(tables, task, inQueue, at);
  forgetUnserved(tables, task);
  tellUnserved(tables, task, at);
  return task;
}

const remedies: Record<string, string> = {
  queued: "it waits already; move it to another place or queue",
  completed: "reset it, or clone it",
};

export function dequeueTask(tables: Tables, id: TaskId, at: number): TaskRow {
  const { rows, events } = tables;
  const task = rows.ofId(id);
  if (!move(task, "dequeue"))
    throw new ConflictError(`the task "${id}" is ${task.status}: only what waits in a queue can be taken out of it`);
  task.queuedAt = null;
  rows.changed(task);
  events.append(task, at, { kind: "dequeued" });
  if (task.lane !== null) leaveRoom(tables, task, task.lane, at);
  return task;
}
