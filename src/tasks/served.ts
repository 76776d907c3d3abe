/** Whether anybody will run what waits: nothing waits in silence. */
import { rootOf } from "../model/identity.ts";
import type { Task } from "../model/task.ts";
import { isDead } from "../runtime/agent/lease.ts";
import type { Store } from "../runtime/ports.ts";

/** Does a living agent serve the queue in which the task waits, or would wait? */
export async function isServed(
  store: Pick<Store, "queue">,
  { id, options }: Pick<Task, "id" | "options">,
): Promise<boolean> {
  const now = Date.now();
  return (await store.queue.agents()).some(
    (agent) =>
      agent.queues.includes(options.queue) &&
      (agent.run === undefined || agent.run === rootOf(id)) &&
      !isDead(agent, now),
  );
}

/** Of a task that has just been enqueued: an event says so where nobody serves its queue. Gives whether anybody does. */
export async function tellUnserved(store: Pick<Store, "queue" | "tasks">, task: Task): Promise<boolean> {
  if (await isServed(store, task)) return true;
  await store.tasks.unserved(task.id);
  return false;
}

export const unservedSentence = ({ id, options: { queue } }: Pick<Task, "id" | "options">): string =>
  `the task ${id} waits in the queue "${queue}", which no living agent serves: start one with reprise agent --queue ${queue}`;
