/** What waits where no living agent listens says so by an event. */
import { type Amounts, covers } from "../../model/resources.ts";
import type { TaskId } from "../../model/task.ts";
import { knownAgents } from "./agents.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";

/** Inside an operation. Where the task does not wait any more, nothing is said. */
export function noteUnserved({ database, tasks, events }: Tables, id: TaskId, at: number): void {
  const task = tasks.ref(id);
  const entry = database.get<{ queue: string }>("select queue from entries where task = ?", task.key);
  if (entry) events.append(task, at, { kind: "unserved", queue: entry.queue });
}

/** Inside an operation: of a task that has just become queued, and needs more than any known agent of its queue has in all. */
export function noteUncovered(tables: Tables, task: TaskRef, queue: string, resources: Amounts, at: number): void {
  const serves = knownAgents(tables).some(
    (agent) => agent.queues.includes(queue) && covers(agent.resources ?? {}, resources),
  );
  if (!serves) tables.events.append(task, at, { kind: "unserved", queue, resources });
}
