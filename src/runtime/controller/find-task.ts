/** Finding the task that somebody means. */
import { nearest } from "../../model/nearest.ts";
import type { Task } from "../../model/task.ts";
import type { TaskReference } from "../../model/task-handle.ts";
import { ConflictError, type Store } from "../ports.ts";

/** By its id, or by its name, of which the newest is meant that is not archived. Rejects with a ConflictError where there is none. */
export async function findTask(store: Pick<Store, "tasks">, reference: TaskReference): Promise<Task> {
  if (typeof reference === "string") return byId(store, reference);
  return "id" in reference ? byId(store, reference.id) : byName(store, reference);
}

async function byId({ tasks }: Pick<Store, "tasks">, id: string): Promise<Task> {
  const task = await tasks.get(id);
  if (task !== undefined) return task;
  const meant = nearest(
    id,
    (await tasks.list({ topLevel: true, limit: 1_000 })).map((known) => known.id),
  );
  throw new ConflictError(`there is no task "${id}"${meant ? `: did you mean "${meant}"?` : ""}`);
}

async function byName(
  { tasks }: Pick<Store, "tasks">,
  { project, name }: { project?: string; name: string },
): Promise<Task> {
  const own = { topLevel: true, archived: false, ...(project !== undefined && { project }) };
  const isThere = (task: Task) => project === undefined || task.project === project;
  const found = (await tasks.list({ ...own, name })).find(isThere);
  if (found !== undefined) return found;
  const names = (await tasks.list({ ...own, limit: 1_000 })).filter(isThere).map((known) => known.name);
  const meant = nearest(name, names);
  const where = project === undefined ? "" : ` in the project "${project}"`;
  throw new ConflictError(`there is no task named "${name}"${where}${meant ? `: did you mean "${meant}"?` : ""}`);
}
