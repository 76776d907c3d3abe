/** Aborting: a task, and where it is a controller, whatever of its run has not ended. */
import { ended, type TaskId, type TaskStatus } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import { endAttempt } from "./attempts.ts";
import { withdrawEntry } from "./entries.ts";
import { heldLanes, leaveLanes } from "./lanes.ts";
import { moveSql } from "./moves.ts";
import type { Tables } from "./tables.ts";
import { abortion } from "./tasks.ts";

const abort = moveSql("abort", "reason = ?, ended_at = ?");

/** Inside an operation. False where the run had ended. Throws a ConflictError where there is no such run. */
export function abortRun(tables: Tables, run: TaskId, reason: string, at: number): boolean {
  const controller = tables.tasks.run(run);
  if (controller === undefined) throw new ConflictError(`there is no run "${run}"`);
  if (ended(controller.status)) return false;
  abortTask(tables, run, reason, at);
  return true;
}

/** Inside an operation: of a task, whatever it is. False where there was nothing to end. Throws a ConflictError where there is none. */
export function abortTaskAlone(tables: Tables, id: TaskId, reason: string, at: number): boolean {
  const { status } = tables.tasks.state(id);
  if (status === "draft" || ended(status)) return false;
  abortTask(tables, id, reason, at);
  return true;
}

/** Inside an operation. A task that is neither queued nor running is left as it is. What a run called ends with it, at any depth. */
export function abortTask(tables: Tables, id: TaskId, reason: string, at: number): void {
  const { database, tasks, events } = tables;
  const task = tasks.ref(id);
  const before = database.get<{ status: TaskStatus; attempt: number; lanes: string | null }>(
    `select status, attempt, ${heldLanes} from tasks t where key = ?`,
    task.key,
  )!;
  if (database.run(abort, reason, at, task.key).changes === 0) return;
  withdrawEntry(tables, task.key, at);
  const revoked = before.status === "running" ? revoke(tables, task.key, before.attempt, reason, at) : undefined;
  events.append(task, at, { kind: "aborted", reason }, revoked);
  if (before.lanes !== null) leaveLanes(tables, task.key, before.lanes, at);
  for (const called of unended(tables, task.key)) abortTask(tables, called, reason, at);
}

function revoke(
  tables: Tables,
  task: number,
  attempt: number,
  reason: string,
  at: number,
): { agent: string; attempt: number } {
  return {
    agent: endAttempt(tables, { task, number: attempt, outcome: "aborted", failure: abortion(reason) }, at),
    attempt,
  };
}

/** What a run called itself, in the order of creation; of a step, nothing. */
function unended({ database }: Tables, run: number): TaskId[] {
  const keys =
    "select key from tasks where run = ?1 and status = 'running' union select task from entries where run = ?1";
  return database
    .all<{ id: TaskId }>(`select id from tasks where key in (${keys}) order by key`, run)
    .map((row) => row.id);
}
