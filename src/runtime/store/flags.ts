/** Publishing makes a task read-only, archiving puts it aside. */
import { ended, type TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** Inside an operation, as below. Again does nothing. Throws a ConflictError where the task has not ended. */
export function publishTask({ rows, events }: Tables, id: TaskId, at: number): TaskRow {
  const task = rows.ofId(id);
  if (!ended(task.status))
    throw new ConflictError(`the task "${id}" is ${task.status}: only what has ended can be published`);
  if (task.published) return task;
  task.published = true;
  rows.changed(task, "edit");
  events.append(task, at, { kind: "published" });
  return task;
}

/** Throws a ConflictError where the task waits or runs. */
export function archiveTask({ rows, events }: Tables, id: TaskId, archived: boolean, at: number): TaskRow {
  const task = rows.ofId(id);
  if (archived && (task.status === "queued" || task.status === "running"))
    throw new ConflictError(`the task "${id}" is ${task.status}: abort or dequeue it before it is archived`);
  if (task.archived === archived) return task;
  task.archived = archived;
  rows.changed(task, "edit");
  events.append(task, at, { kind: "archived", archived });
  return task;
}
