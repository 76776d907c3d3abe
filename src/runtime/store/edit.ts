/** Editing: what a draft is to do, and what people say of a task. */
import type { TaskOptions } from "../../model/options.ts";
import type { TaskId } from "../../model/task.ts";
import { ConflictError, type Edit } from "../ports.ts";
import { writeConfiguration } from "./configuration-objects.ts";
import { checkedOptions } from "./drafts.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** Inside an operation. Throws a ConflictError where the task's state does not allow it. */
export function editTask(tables: Tables, id: TaskId, edit: Edit, at: number): TaskRow {
  const { rows, configurations, events } = tables;
  const task = rows.ofId(id);
  checkEdit(task, edit);
  const { name, comment, tags, project, options } = edit;
  const isOfOptions = tags !== undefined || project !== undefined || options !== undefined;
  const nowOptions = isOfOptions && edited(configurations.get(task.configuration).options, edit);
  checkInput(task, edit);
  if (name !== undefined) task.name = name;
  if (comment !== undefined) task.comment = comment;
  if (nowOptions) setOptions(tables, task, nowOptions);
  write(tables, task, edit);
  events.append(task, at, { kind: "edited" });
  return task;
}

/** Inside an operation. False where the attempt is not the running one any more. */
export function recordOwn(
  tables: Tables,
  id: TaskId,
  attempt: number,
  what: Pick<Edit, "input" | "configuration">,
  at: number,
): boolean {
  const task = tables.rows.ofId(id);
  if (task.status !== "running" || task.attempt !== attempt) return false;
  checkInput(task, what);
  write(tables, task, what);
  tables.events.append(task, at, { kind: "edited" });
  return true;
}

/** Inside an operation: the task has other options from then on. */
export function setOptions({ rows, configurations }: Tables, task: TaskRow, options: TaskOptions): void {
  const { code } = configurations.get(task.configuration);
  task.configuration = configurations.keep({ code, options });
  rows.changed(task, "edit");
}

function checkEdit({ id, status, template, published }: TaskRow, edit: Edit): void {
  if (template)
    throw new ConflictError(`the task "${id}" belongs to a registered pipeline: clone it, and edit the clone`);
  if (published)
    throw new ConflictError(`the task "${id}" is published, and cannot be changed: clone it, and edit the clone`);
  const isOfDrafts = edit.input !== undefined || edit.options !== undefined || edit.configuration !== undefined;
  if (isOfDrafts && status !== "draft")
    throw new ConflictError(`the task "${id}" is ${status}, and only a draft can be edited: ${remedy(status)}`);
}

function checkInput({ id, input }: TaskRow, edit: Pick<Edit, "input">): void {
  if (edit.input !== undefined && JSON.stringify(edit.input.from) !== JSON.stringify(input))
    throw new ConflictError(
      `somebody else has just changed the parameters of the task "${id}": look at them, and try again`,
    );
}

const remedy = (status: string): string =>
  status === "queued"
    ? "dequeue it first"
    : status === "running"
      ? "clone it, and edit the clone"
      : "reset it, or clone it";

/** At once: the database, too, knows who may change what. */
function write(
  tables: Tables,
  task: TaskRow,
  { input, configuration = {} }: Pick<Edit, "input" | "configuration">,
): void {
  if (input !== undefined) task.input = input.to;
  tables.rows.changed(task, "edit");
  tables.write();
  for (const [name, content] of Object.entries(configuration)) writeConfiguration(tables, task.key, name, content);
}

function edited(options: TaskOptions, { tags, project, options: given }: Edit): TaskOptions {
  const { tags: had, project: was, ...others } = options;
  const [nowTags, nowProject] = [tags ?? had, project === undefined ? was : project];
  return checkedOptions({
    ...others,
    ...given,
    ...(nowTags?.length && { tags: [...new Set(nowTags)] }),
    ...(nowProject != null && { project: nowProject }),
  });
}
