/** Publishing makes a task read-only, archiving puts it aside. */
import { ended, type TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";

/** Inside an operation, as below. Again does nothing. Throws a ConflictError where the task has not ended. */
export function publishTask({ database, tasks, events }: Tables, id: TaskId, at: number): TaskRef {
  const task = tasks.state(id);
  if (!ended(task.status))
    throw new ConflictError(`the task "${id}" is ${task.status}: only what has ended can be published`);
  const { changes } = database.run("update tasks set published = 1 where key = ? and published = 0", task.key);
  if (changes > 0) events.append(task, at, { kind: "published" });
  return task;
}

/** Throws a ConflictError where the task waits or runs. */
export function archiveTask({ database, tasks, events }: Tables, id: TaskId, archived: boolean, at: number): TaskRef {
  const task = tasks.state(id);
  if (archived && (task.status === "queued" || task.status === "running"))
    throw new ConflictError(`the task "${id}" is ${task.status}: abort or dequeue it before it is archived`);
  const { changes } = database.run(
    "update tasks set archived = ?1 where key = ?2 and archived <> ?1",
    Number(archived),
    task.key,
  );
  if (changes > 0) events.append(task, at, { kind: "archived", archived });
  return task;
}
