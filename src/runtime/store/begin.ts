/** A process that makes itself a task: it is an agent with no queues, and the task its first attempt. */
import { ConflictError, type Draft } from "../ports.ts";
import { isKnown } from "./agents.ts";
import { createDraft } from "./drafts.ts";
import { move } from "./moves.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** Inside an operation. It waits in no queue in between. Throws a ConflictError where the agent is not known. */
export function beginTask(tables: Tables, draft: Draft, agent: string, at: number): TaskRow {
  if (!isKnown(tables, agent))
    throw new ConflictError(`the agent "${agent}" is not known: it must join before it begins a task`);
  const { rows, events } = tables;
  const task = createDraft(tables, draft, at);
  move(task, "enqueue");
  task.queuedAt = at;
  events.append(task, at, { kind: "queued", queue: draft.options.queue });
  move(task, "claim");
  task.attempt = 1;
  task.agent = agent;
  task.startedAt = at;
  rows.changed(task);
  events.append(task, at, { kind: "running", attempt: 1, agent });
  return task;
}
