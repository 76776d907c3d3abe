/** Deleting: a task, whatever ran for it, and all that tells of them. */
import { ended, type TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import { removeTasks } from "./belongings.ts";
import type { Tables } from "./tables.ts";
import { runOf } from "./task-row.ts";

/** Inside an operation that leaves references alone. Throws a ConflictError with what keeps the task. */
export function deleteTask(tables: Tables, id: TaskId, at: number): void {
  const { database, rows, events } = tables;
  const task = rows.ofId(id);
  const { key, status, template, path, published } = task;
  const refuse = (why: string) => {
    throw new ConflictError(`the task "${id}" cannot be deleted: ${why}`);
  };
  if (template) refuse("it belongs to a registered pipeline");
  if (path !== null) refuse(`it is a step of the run ${runOf(task)}, which can be deleted as a whole`);
  if (published) refuse("it is published");
  if (status !== "draft" && !ended(status)) refuse(`it is ${status}: abort it first`);
  const within = "id = ?1 or id > ?1 || '/' and id < ?1 || '0'";
  const [open] = database.all<{ id: string }>(
    `select id from tasks where (${within}) and status in ('queued', 'running') limit 1`,
    id,
  );
  if (open) refuse(`${open.id}, which ran for it, has not ended`);
  const { clones } = database.get<{ clones: number }>(
    `select count(*) as clones from tasks where path is null and parent = ?`,
    key,
  )!;
  if (clones > 0)
    refuse(`there ${clones === 1 ? "is a clone" : `are ${clones} clones`} of it, which must go first (or archive it)`);
  events.append(task, at, { kind: "deleted" });
  tables.write();
  removeTasks(tables, `select key from tasks where ${within}`, id);
  events.rememberDeleted(id, at);
}
