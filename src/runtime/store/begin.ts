/** A process that makes itself a task: it is an agent with no queues, and the task its first attempt. */
import { ConflictError, type Draft } from "../ports.ts";
import { createDraft } from "./drafts.ts";
import { moveSql } from "./moves.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";

const enqueue = moveSql("enqueue", "queued_at = ?");
const claim = moveSql("claim", "attempt = 1, started_at = ?");

/** Inside an operation. It waits in no queue in between. Throws a ConflictError where the agent is not known. */
export function beginTask(tables: Tables, draft: Draft, agent: string, at: number): TaskRef {
  const { database, events } = tables;
  if (database.get("select 1 from agents where id = ?", agent) === undefined)
    throw new ConflictError(`the agent "${agent}" is not known: it must join before it begins a task`);
  const task = createDraft(tables, draft, at);
  database.run(enqueue, at, task.key);
  events.append(task, at, { kind: "queued", queue: draft.options.queue });
  database.run(claim, at, task.key);
  database.run(
    "insert into attempts (task, number, agent, outcome, started_at) values (?, 1, ?, 'running', ?)",
    task.key,
    agent,
    at,
  );
  events.append(task, at, { kind: "running", attempt: 1, agent });
  return task;
}
