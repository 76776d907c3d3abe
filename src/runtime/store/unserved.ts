/** What waits where no living agent listens says so by an event. */
import { type Amounts, covers } from "../../model/resources.ts";
import type { TaskId } from "../../model/task.ts";
import { knownAgents } from "./agents.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** Inside an operation. Where the task does not wait any more, nothing is said. */
export function noteUnserved({ rows, events }: Tables, id: TaskId, at: number): void {
  const task = rows.ofId(id);
  if (task.status === "queued") events.append(task, at, { kind: "unserved", queue: task.queue! });
}

/** Inside an operation: of a task that has just become queued, and needs more than any known agent of its queue has in all. */
export function noteUncovered(tables: Tables, task: TaskRow, resources: Amounts, at: number): void {
  const queue = task.queue!;
  const serves = knownAgents(tables).some(
    (agent) => agent.queues.includes(queue) && covers(agent.resources ?? {}, resources),
  );
  if (!serves) tables.events.append(task, at, { kind: "unserved", queue, resources });
}
