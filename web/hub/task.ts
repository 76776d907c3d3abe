/** A task that somebody looks at. */
import type { Task, TaskId } from "../../src/model/task.ts";
import { hub } from "./ask.ts";

/** Rejects where the hub has none by that id. */
export async function taskOf(id: TaskId): Promise<Task> {
  const task = await hub.tasks.get(id);
  if (task === undefined)
    throw new Error(`The hub has nothing called ${id}: was it deleted, or is it in another store?`);
  return task;
}
