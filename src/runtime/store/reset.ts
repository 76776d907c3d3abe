/** Resetting: one that has ended is a draft again, as if it had never run; its attempts stay as a record. */
import type { TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import { removeMade, removeTasks } from "./belongings.ts";
import { moveSql } from "./moves.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";

const reset = moveSql("reset", "queued_at = null, started_at = null, ended_at = null, progress = null, reason = null");

/** Inside an operation that leaves references alone. Throws a ConflictError where the task has not ended, is published, or is a step of a run. */
export function resetTask(tables: Tables, id: TaskId, at: number): TaskRef {
  const { database, tasks, events } = tables;
  const task = tasks.state(id);
  if (task.published) throw new ConflictError(`the task "${id}" is published, and cannot be reset: clone it`);
  if (task.step)
    throw new ConflictError(`the task "${id}" is a step of the run ${task.run.id}: reset the run, or clone the task`);
  if (database.run(reset, task.key).changes === 0)
    throw new ConflictError(`the task "${id}" is ${task.status}, and only what has ended can be reset`);
  removeMade(database, "select key from tasks where id = ?", id);
  if (tables.configurations.get(task.configuration).code.kind === "controller") forgetRun(tables, task, at);
  else events.append(task, at, { kind: "reset" });
  return task;
}

/** A controller that ran again would hear what is recorded, and take the tasks that are there. */
function forgetRun({ database, tasks, events }: Tables, run: TaskRef, at: number): void {
  removeTasks(database, "select key from tasks where id > ?1 || '/' and id < ?1 || '0'", run.id);
  database.run("delete from events where run = ?", run.key);
  database.run("delete from chances where run = ?", run.key);
  events.append(run, at, { kind: "created", name: tasks.at(run.key).name });
}
