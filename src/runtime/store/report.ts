/** Reporting: what an attempt came to becomes what its task is. */
import { isLoss } from "../../model/failure.ts";
import type { Report } from "../ports.ts";
import { archiveAttempt } from "./attempts.ts";
import { enqueue } from "./enqueue.ts";
import { leaveLanes } from "./lanes.ts";
import { move } from "./moves.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";
import { tellUnserved } from "./unserved.ts";

/** Inside an operation. False, and nothing has changed, where the attempt is not the running one of that agent. */
export function report(tables: Tables, given: Report, at: number): boolean {
  const { rows, events } = tables;
  const task = rows.get(given.task);
  if (task?.status !== "running" || task.attempt !== given.attempt || task.agent !== given.agent) return false;
  const { attempt } = task;
  if (given.outcome !== "retry") task.endedAt = at;
  switch (given.outcome) {
    case "completed": {
      const { output } = given;
      move(task, "complete");
      task.output = output;
      events.append(
        task,
        at,
        output === undefined ? { kind: "completed", attempt } : { kind: "completed", attempt, output },
      );
      break;
    }
    case "failed":
      move(task, "fail");
      task.failure = given.failure;
      events.append(task, at, { kind: "failed", attempt, failure: given.failure });
      break;
    case "aborted":
      move(task, "abort");
      task.reason = given.reason;
      events.append(task, at, { kind: "aborted", reason: given.reason });
      break;
    case "retry": {
      const { failure, notBefore } = given;
      archiveAttempt(tables, task, { outcome: isLoss(failure) ? "lost" : "failed", failure }, at);
      events.append(task, at, { kind: "retrying", attempt, failure, ...(notBefore !== undefined && { notBefore }) });
      requeue(tables, task, at, notBefore);
    }
  }
  rows.changed(task, given.outcome === "retry" ? "changes" : "end");
  leaveLanes(tables, task, at);
  return true;
}

/** Inside an operation: a task of which an event says that it is tried again goes back to its queue. */
export function requeue(tables: Tables, task: TaskRow, at: number, notBefore?: number): void {
  move(task, "requeue");
  enqueue(tables, task, tables.configurations.get(task.configuration).options, at, notBefore);
  tellUnserved(tables, task, at);
}
