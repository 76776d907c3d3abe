/** Reporting: what an attempt came to becomes what its task is. */
import { lostName } from "../../model/failure.ts";
import type { Report } from "../ports.ts";
import { endAttempt } from "./attempts.ts";
import { addEntry } from "./entries.ts";
import { heldLanes, leaveLanes } from "./lanes.ts";
import { moveSql } from "./moves.ts";
import type { Tables } from "./tables.ts";
import { abortion, type TaskRef } from "./tasks.ts";

const complete = moveSql("complete", "ended_at = ?");
const fail = moveSql("fail", "ended_at = ?");
const abort = moveSql("abort", "reason = ?, ended_at = ?");
const requeue = moveSql("requeue", "queued_at = ?, started_at = null, progress = null");

/** Inside an operation. False, and nothing has changed, where the attempt is not the running one of that agent. */
export function report(tables: Tables, given: Report, at: number): boolean {
  const task = held(tables, given);
  if (task === undefined) return false;
  end(tables, task, given, at);
  if (task.lanes !== null) leaveLanes(tables, task.key, task.lanes, at);
  return true;
}

function end(tables: Tables, task: TaskRef, given: Report, at: number): void {
  const { database, events } = tables;
  const attempt = given.attempt;
  const ended = { task: task.key, number: attempt };
  switch (given.outcome) {
    case "completed": {
      const { output } = given;
      database.run(complete, at, task.key);
      endAttempt(tables, { ...ended, outcome: "completed", ...(output && { output }) }, at);
      events.append(task, at, { kind: "completed", attempt, ...(output && { output }) });
      return;
    }
    case "failed": {
      const { failure } = given;
      database.run(fail, at, task.key);
      endAttempt(tables, { ...ended, outcome: "failed", failure }, at);
      events.append(task, at, { kind: "failed", attempt, failure });
      return;
    }
    case "aborted": {
      const { reason } = given;
      database.run(abort, reason, at, task.key);
      endAttempt(tables, { ...ended, outcome: "aborted", failure: abortion(reason) }, at);
      events.append(task, at, { kind: "aborted", reason });
      return;
    }
    case "retry": {
      const { failure, notBefore } = given;
      endAttempt(tables, { ...ended, outcome: failure.name === lostName ? "lost" : "failed", failure }, at);
      const age = events.append(task, at, {
        kind: "retrying",
        attempt,
        failure,
        ...(notBefore !== undefined && { notBefore }),
      });
      requeueTask(tables, task, age, at, notBefore);
      return;
    }
  }
}

/** Inside an operation: a running task goes back to its queue. `age`: the number of the event that says so. */
export function requeueTask(tables: Tables, task: TaskRef, age: number, at: number, notBefore?: number): void {
  const { database, configurations } = tables;
  database.run(requeue, at, task.key);
  const { configuration } = database.get<{ configuration: number }>(
    "select configuration from tasks where key = ?",
    task.key,
  )!;
  addEntry(tables, task, configurations.get(configuration).options, age, notBefore);
}

/** The task, where it is this agent's to report of. */
function held({ database }: Tables, { task, attempt, agent }: Report): Held | undefined {
  const row = database.get<{ key: number; run_key: number; run: string; lanes: string | null }>(
    `select t.key, r.key as run_key, r.id as run, ${heldLanes}
     from tasks t join tasks r on r.key = coalesce(t.run, t.key) join attempts a on a.task = t.key and a.number = t.attempt
     where t.id = ? and t.status = 'running' and t.attempt = ? and a.agent = ?`,
    task,
    attempt,
    agent,
  );
  return row && { key: row.key, id: task, run: { key: row.run_key, id: row.run }, lanes: row.lanes };
}

type Held = TaskRef & { lanes: string | null };
