/** Aborting: a task, and where it is a controller, whatever of its run has not ended. */
import { ended, type TaskId } from "../../model/task.ts";
import { controllerOf, isController } from "./controllers.ts";
import { leaveLanes, leaveRoom } from "./lanes.ts";
import { move } from "./moves.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** Inside an operation. False where the run had ended. Throws a ConflictError where there is no such run. */
export function abortRun(tables: Tables, run: TaskId, reason: string, at: number): boolean {
  const controller = controllerOf(tables, run);
  if (ended(controller.status)) return false;
  abortTask(tables, controller, reason, at);
  return true;
}

/** Inside an operation: of a task, whatever it is. False where there was nothing to end. Throws a ConflictError where there is none. */
export function abortTaskAlone(tables: Tables, id: TaskId, reason: string, at: number): boolean {
  const task = tables.rows.ofId(id);
  if (task.status === "draft" || ended(task.status)) return false;
  abortTask(tables, task, reason, at);
  return true;
}

/** Inside an operation. A task that is neither queued nor running is left as it is. What a run called ends with it, at any depth. */
export function abortTask(tables: Tables, task: TaskRow, reason: string, at: number): void {
  const { events, rows } = tables;
  const wasRunning = task.status === "running";
  if (!move(task, "abort")) return;
  task.reason = reason;
  task.endedAt = at;
  rows.changed(task);
  const revoked = wasRunning ? { agent: task.agent!, attempt: task.attempt } : undefined;
  events.append(task, at, { kind: "aborted", reason }, revoked);
  if (wasRunning) leaveLanes(tables, task, at);
  else if (task.lane !== null) leaveRoom(tables, task, task.lane, at);
  for (const called of unended(tables, task)) abortTask(tables, called, reason, at);
}

/** What a run called itself, in the order of creation; of a step, nothing. */
function unended(tables: Tables, task: TaskRow): TaskRow[] {
  if (!isController(tables, task)) return [];
  const { database, rows } = tables;
  tables.write();
  const keys = `select key from running_tasks where +run = ?1
    union select key from tasks where run = ?1 and status = 'queued' order by key`;
  return database.all<{ key: number }>(keys, task.key).map(({ key }) => rows.at(key));
}
