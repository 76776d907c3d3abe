/** Resetting: one that has ended is a draft again, as if it had never run; its attempts stay as a record. */
import { ended, type TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import { archiveLatest } from "./attempts.ts";
import { removeMade, removeTasks } from "./belongings.ts";
import { move } from "./moves.ts";
import type { Tables } from "./tables.ts";
import { runOf, type TaskRow } from "./task-row.ts";

/** Inside an operation that leaves references alone. Throws a ConflictError where the task has not ended, is published, or is a step of a run. */
export function resetTask(tables: Tables, id: TaskId, at: number): TaskRow {
  const { configurations, events, rows } = tables;
  const task = rows.ofId(id);
  const { status } = task;
  if (task.published) throw new ConflictError(`the task "${id}" is published, and cannot be reset: clone it`);
  if (task.path !== null)
    throw new ConflictError(`the task "${id}" is a step of the run ${runOf(task)}: reset the run, or clone the task`);
  if (!ended(status) || !move(task, "reset"))
    throw new ConflictError(`the task "${id}" is ${status}, and only what has ended can be reset`);
  archiveLatest(tables, task, status as "completed" | "failed" | "aborted", at);
  task.queuedAt = null;
  task.startedAt = null;
  task.progress = null;
  rows.changed(task);
  tables.write();
  removeMade(tables, "select key from tasks where id = ?", id);
  if (configurations.get(task.configuration).code.kind === "controller") return forgetRun(tables, task, at);
  events.append(task, at, { kind: "reset" });
  return task;
}

/** A controller that ran again would hear what is recorded, and take the tasks that are there. */
function forgetRun(tables: Tables, { id, key }: TaskRow, at: number): TaskRow {
  const { database, events, rows } = tables;
  removeTasks(tables, "select key from tasks where id > ?1 || '/' and id < ?1 || '0'", id);
  events.remove("select key from tasks where id = ?", id);
  database.run("delete from chances where run = ?", key);
  const run = rows.at(key);
  events.append(run, at, { kind: "created", name: run.name });
  return run;
}
