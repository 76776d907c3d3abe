/** The end of an attempt that is not the task's last: the task's row has room for one. */
import type { Failure } from "../../model/failure.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** Inside an operation: the running attempt ends, and becomes one of the earlier ones. */
export function archiveAttempt({ database, rows }: Tables, task: TaskRow, end: AttemptEnd, at: number): void {
  database.run(
    "insert into attempts (task, number, agent, outcome, failure, started_at, ended_at) values (?, ?, ?, ?, ?, ?, ?)",
    task.key,
    task.attempt,
    task.agent,
    end.outcome,
    JSON.stringify(end.failure),
    task.startedAt,
    at,
  );
  if (end.outcome === "failed") task.failures += 1;
  task.isNew = false;
  task.agent = null;
  task.startedAt = null;
  task.progress = null;
  rows.changed(task);
}

type AttemptEnd = { outcome: "failed" | "lost"; failure: Failure };
