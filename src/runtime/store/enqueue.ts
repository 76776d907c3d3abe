import type { TaskOptions } from "../../model/options.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** Inside an operation: puts a task, of which an event says that it is queued, into its queue. */
export function enqueue(
  { rows, waiting }: Tables,
  task: TaskRow,
  options: TaskOptions,
  at: number,
  notBefore?: number,
): void {
  task.status = "queued";
  task.queuedAt = at;
  task.queue = options.queue;
  task.priority = options.priority ?? 0;
  task.notBefore = notBefore ?? null;
  rows.changed(task);
  waiting.add(task);
}
