/** The end of an attempt that is not the task's last: the task's row has room for one. */
import type { Failure } from "../../model/failure.ts";
import { timeLimitName } from "../../model/failure.ts";
import type { Earlier } from "../../model/retry.ts";
import type { AttemptOutcome } from "../../model/task.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";
import { failureOf } from "./tasks.ts";

/** Inside an operation: the running attempt ends, and becomes one of the earlier ones. */
export function archiveAttempt({ database, rows }: Tables, task: TaskRow, end: AttemptEnd, at: number): void {
  database.run(
    "insert into attempts (task, number, agent, outcome, failure, started_at, ended_at, last) values (?, ?, ?, ?, ?, ?, ?, ?)",
    task.key,
    task.attempt,
    task.agent,
    end.outcome,
    end.failure && JSON.stringify(end.failure),
    task.startedAt,
    at,
    end.isLast ? 1 : 0,
  );
  task.isNew = false;
  task.agent = null;
  task.startedAt = null;
  task.progress = null;
  rows.changed(task);
}

/** `isLast`: the task had ended by it, and begins anew. */
type AttemptEnd = { outcome: Exclude<AttemptOutcome, "running">; failure?: Failure; isLast?: true };

/** The same for a task that had ended so, and is to begin again: it has no end any more. */
export function archiveLatest(tables: Tables, task: TaskRow, outcome: AttemptEnd["outcome"], at: number): void {
  const failure = failureOf({ ...task, status: outcome === "lost" ? "failed" : outcome });
  if (task.agent !== null)
    archiveAttempt(tables, task, { outcome, ...(failure && { failure }), isLast: true }, task.endedAt ?? at);
  task.endedAt = null;
  task.output = undefined;
  task.failure = undefined;
  task.reason = null;
  tables.rows.changed(task);
}

/** What became of the attempts before the latest, since the task was last begun by hand: then its retries count anew. */
export function earlierOf({ database }: Tables, task: TaskRow): Earlier {
  return database.get<Earlier>(
    `select count(*) filter (where outcome = 'failed') as failures, count(*) filter (where outcome = 'lost') as lost,
       count(*) filter (where outcome = 'failed' and failure ->> 'name' = '${timeLimitName}') as timedOut
     from attempts where task = ?1 and number > coalesce((select max(number) from attempts where task = ?1 and last), 0)`,
    task.key,
  )!;
}
