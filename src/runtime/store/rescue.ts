/** The rescue: what agents that are gone were running is queued again. */
import { type Failure, lostName } from "../../model/failure.ts";
import { isWithin } from "../../model/identity.ts";
import { survivesLoss } from "../../model/retry.ts";
import type { Agent, TaskId } from "../../model/task.ts";
import { forgetAgents, readAgents } from "./agents.ts";
import { archiveAttempt, earlierOf } from "./attempts.ts";
import { leaveLanes, mayHold } from "./lanes.ts";
import { move } from "./moves.ts";
import { requeue } from "./report.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/**
 * Inside an operation. An agent that has left, or was forgotten, is gone; of the others, `dead` says so. Gives the tasks. Agents that are gone are forgotten.
 * Of a process that made itself a task its record is what tells so, until that task was ended: where only one run is rescued, it stays.
 */
export function rescue(tables: Tables, dead: (agent: Agent) => boolean, run: TaskId | undefined, at: number): TaskId[] {
  const known = readAgents(tables.database);
  const [gone, living] = [known.filter(dead), known.filter((agent) => !dead(agent))];
  const alive = new Set(living.map(({ id }) => id));
  // What others hold of a lane, the run may be waiting for.
  const lost = runningTasks(tables).filter(
    (task) => !alive.has(task.agent!) && (run === undefined || isWithin(task.id, run) || mayHold(tables, task)),
  );
  // A process that made itself a task serves no queue: nobody else is to run what it ran.
  const own = new Set(known.filter(({ queues }) => queues.length === 0).map(({ id }) => id));
  for (const task of lost)
    if (own.has(task.agent!)) end(tables, task, at);
    else lose(tables, task, at);
  const forgotten = gone.filter(({ queues }) => run === undefined || queues.length > 0);
  if (forgotten.length > 0) forgetAgents(tables, forgotten, at);
  return lost.map(({ id }) => id);
}

function lose(tables: Tables, task: TaskRow, at: number): void {
  const { attempt } = task;
  const agent = task.agent!;
  const failure: Failure = { name: lostName, message: `the agent "${agent}" that ran it is gone` };
  const revoked = { agent, attempt };
  if (isTriedAgain(tables, task)) {
    archiveAttempt(tables, task, { outcome: "lost", failure }, at);
    tables.events.append(task, at, { kind: "retrying", attempt, failure }, revoked);
    requeue(tables, task, at);
  } else {
    endLost(tables, task, failure, at);
    move(task, "fail");
    task.failure = failure;
    tables.events.append(task, at, { kind: "failed", attempt, failure }, revoked);
  }
  leaveLanes(tables, task, at);
}

/** A step that was lost too often may be what takes agents along; a run is none. */
function isTriedAgain(tables: Tables, task: TaskRow): boolean {
  const { code, options } = tables.configurations.get(task.configuration);
  return code.kind === "controller" || survivesLoss(options.retry, earlierOf(tables, task).lost + 1);
}

function end(tables: Tables, task: TaskRow, at: number): void {
  const reason = "its process is gone";
  endLost(tables, task, { name: lostName, message: reason }, at);
  move(task, "abort");
  task.reason = reason;
  tables.events.append(task, at, { kind: "aborted", reason });
  leaveLanes(tables, task, at);
}

/** The attempt was lost, which is not what became of its task. */
function endLost(tables: Tables, task: TaskRow, failure: Failure, at: number): void {
  const { startedAt } = task;
  archiveAttempt(tables, task, { outcome: "lost", failure }, at);
  task.startedAt = startedAt;
  task.endedAt = at;
}

function runningTasks({ database, rows, write }: Tables): TaskRow[] {
  write();
  rows.running.tidy();
  const running = "select key from running_tasks";
  return database.all<{ key: number }>(running).map(({ key }) => rows.at(key));
}
