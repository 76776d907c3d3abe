/** Nothing waits in silence: what a run puts into a queue that nobody serves says so. */
import { taskId } from "../../model/identity.ts";
import type { TaskId } from "../../model/task.ts";
import type { Store } from "../ports.ts";
import type { Wanted } from "./calls.ts";
import type { Program } from "./programs.ts";

/** Does a living agent serve the queue, for that run? */
export type Served = (queue: string, run: TaskId) => Promise<boolean>;

/** The templates whose queues nobody serves, as a run begins. */
export async function unservedTemplates(
  { queues }: Program,
  run: TaskId,
  isServed: Served | undefined,
): Promise<ReadonlySet<string>> {
  if (isServed === undefined) return new Set();
  const names = [...new Set(queues.values())];
  const served = await Promise.all(names.map((queue) => isServed(queue, run)));
  const unserved = new Set(names.filter((_, i) => !served[i]));
  return new Set([...queues].filter(([, queue]) => unserved.has(queue)).map(([template]) => template));
}

/** Of what has just been cloned. */
export async function tellUnserved(
  { tasks }: Store,
  run: TaskId,
  clones: readonly Pick<Wanted, "template" | "path">[],
  unserved: ReadonlySet<string>,
): Promise<void> {
  if (unserved.size === 0) return;
  const waiting = clones.filter(({ template }) => unserved.has(template));
  await Promise.all(waiting.map(({ path }) => tasks.unserved(taskId(run, path))));
}
