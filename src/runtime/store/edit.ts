/** Editing: what a draft is to do, and what people say of a task. */
import type { TaskOptions } from "../../model/options.ts";
import type { TaskId } from "../../model/task.ts";
import { ConflictError, type Edit } from "../ports.ts";
import { writeConfiguration } from "./configuration-objects.ts";
import { checkedOptions } from "./drafts.ts";
import { toColumns } from "./stored.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef, TaskState } from "./tasks.ts";

/** Inside an operation. Throws a ConflictError where the task's state does not allow it. */
export function editTask(tables: Tables, id: TaskId, edit: Edit, at: number): TaskRef {
  const task = tables.tasks.state(id);
  checkEdit(task, edit);
  const { database, events } = tables;
  if (edit.name !== undefined) database.run("update tasks set name = ? where key = ?", edit.name, task.key);
  if (edit.comment !== undefined) database.run("update tasks set comment = ? where key = ?", edit.comment, task.key);
  if (edit.tags !== undefined || edit.project !== undefined || edit.options !== undefined)
    setOptions(tables, task, edited(tables.configurations.get(task.configuration).options, edit));
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
  const task = tables.tasks.state(id);
  if (task.status !== "running" || task.attempt !== attempt) return false;
  write(tables, task, what);
  tables.events.append(task, at, { kind: "edited" });
  return true;
}

/** Inside an operation: the task has other options from then on. */
export function setOptions(
  { database, configurations }: Tables,
  task: { key: number; configuration: number },
  options: TaskOptions,
): void {
  const { code } = configurations.get(task.configuration);
  database.run("update tasks set configuration = ? where key = ?", configurations.keep({ code, options }), task.key);
}

function checkEdit({ id, status, template, published }: TaskRef & TaskState, edit: Edit): void {
  if (template)
    throw new ConflictError(`the task "${id}" belongs to a registered pipeline: clone it, and edit the clone`);
  if (published)
    throw new ConflictError(`the task "${id}" is published, and cannot be changed: clone it, and edit the clone`);
  const isOfDrafts = edit.input !== undefined || edit.options !== undefined || edit.configuration !== undefined;
  if (isOfDrafts && status !== "draft")
    throw new ConflictError(`the task "${id}" is ${status}, and only a draft can be edited: ${remedy(status)}`);
}

const remedy = (status: string): string =>
  status === "queued"
    ? "dequeue it first"
    : status === "running"
      ? "clone it, and edit the clone"
      : "reset it, or clone it";

function write(
  { database, ...others }: Tables,
  { key, id }: TaskRef,
  { input, configuration = {} }: Pick<Edit, "input" | "configuration">,
): void {
  if (input !== undefined) {
    const { changes } = database.run(
      "update tasks set input = ?, input_bytes = ? where key = ? and input is ? and input_bytes is ?",
      ...toColumns(input.to),
      key,
      ...toColumns(input.from),
    );
    if (changes === 0)
      throw new ConflictError(
        `somebody else has just changed the parameters of the task "${id}": look at them, and try again`,
      );
  }
  for (const [name, content] of Object.entries(configuration))
    writeConfiguration({ database, ...others }, key, name, content);
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
