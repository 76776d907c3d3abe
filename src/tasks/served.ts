/** Whether anybody will run what waits: nothing waits in silence. */
import { hostname } from "node:os";
import { rootOf } from "../model/identity.ts";
import type { Agent, Task, TaskId } from "../model/task.ts";
import { isDead, rescue } from "../runtime/agent/lease.ts";
import type { Store } from "../runtime/ports.ts";

/** Does a living agent serve the queue, for that task or run? */
export async function isServed({ queue: port }: Pick<Store, "queue">, queue: string, task: TaskId): Promise<boolean> {
  const now = Date.now();
  return (await port.agents()).some(
    (agent) =>
      agent.slots > 0 &&
      agent.queues.includes(queue) &&
      (agent.run === undefined || agent.run === rootOf(task)) &&
      (isHere(agent) || !isDead(agent, now)),
  );
}

/** It lives as long as who asks: nothing has to be looked up. */
const isHere = ({ pid, host }: Agent): boolean => pid === process.pid && host === hostname();

/** Of a task that has just been enqueued: an event says so where nobody serves its queue. */
export async function tellUnserved(store: Pick<Store, "queue" | "tasks">, task: Task): Promise<void> {
  if (await isServed(store, task.options.queue, task.id)) return;
  // The store takes an agent for alive until somebody finds that it is not.
  await rescue(store);
  await store.tasks.unserved(task.id);
}

export const unservedSentence = ({ id, options: { queue } }: Pick<Task, "id" | "options">): string =>
  `the task ${id} waits in the queue "${queue}", which no living agent serves: start one with reprise agent --queue ${queue}`;
