/** Drafts: new tasks of their own, written anew or cloned from another task. */

import type { TaskOptions } from "../../model/options.ts";
import { checkProject } from "../../model/project.ts";
import { runIdPattern } from "../../model/run-id.ts";
import type { Stored, TaskId } from "../../model/task.ts";
import { ConflictError, type Draft, type Tasks } from "../ports.ts";
import { copyInputs } from "./artifacts.ts";
import { copyConfiguration, writeConfiguration } from "./configuration-objects.ts";
import type { Tables } from "./tables.ts";
import { newTask, type TaskRow } from "./task-row.ts";

/** Inside an operation, as all below. Throws a ConflictError where the id is taken or is none, a RangeError for a project that is none. */
export function createDraft(tables: Tables, draft: Draft, at: number): TaskRow {
  const { code, options, configuration = {} } = draft;
  const row = {
    ...draft,
    configuration: tables.configurations.keep({ options: checkedOptions(options), code }),
    isRun: code.kind === "controller",
  };
  const task = insert(tables, row, at);
  if (Object.keys(configuration).length > 0) tables.write();
  for (const [name, content] of Object.entries(configuration)) writeConfiguration(tables, task.key, name, content);
  return task;
}

type Changes = Parameters<Tasks["clone"]>[1];

export function cloneDraft(tables: Tables, source: TaskId, changes: Changes, at: number): TaskRow {
  const { configurations, rows } = tables;
  const found = rows.get(source);
  if (found === undefined) throw new ConflictError(`there is no task "${source}" to clone`);
  const { options, code } = configurations.get(found.configuration);
  const { configuration = {}, input = found.input, ...given } = changes;
  const row = {
    name: `clone of ${found.name}`,
    parent: source,
    ...(found.comment !== null && { comment: found.comment }),
    ...given,
    ...(input && { input }),
    configuration: configurations.keep({ code, options: checkedOptions({ ...options, ...changes.options }) }),
    isRun: code.kind === "controller",
  };
  const task = insert(tables, row, at);
  tables.write();
  copyConfiguration(tables, found.key, task.key);
  copyInputs(tables, found.key, task.key);
  for (const [name, content] of Object.entries(configuration)) writeConfiguration(tables, task.key, name, content);
  return task;
}

/** Throws a RangeError where the name of the project is none. */
export function checkedOptions(options: TaskOptions): TaskOptions {
  if (options.project !== undefined) checkProject(options.project);
  return options;
}

type Row = {
  id: TaskId;
  name: string;
  configuration: number;
  parent?: TaskId;
  input?: Stored;
  comment?: string;
  isRun: boolean;
};

function insert({ rows, events }: Tables, row: Row, at: number): TaskRow {
  const { id, name, parent, input, comment, configuration, isRun } = row;
  if (!runIdPattern.test(id))
    throw new ConflictError(
      `"${id}" cannot name a task: write up to 100 letters, digits, ".", "_" or "-", a letter or digit first`,
    );
  if (rows.get(id) !== undefined) throw new ConflictError(`there is a task "${id}" already: take another id`);
  const source = parent === undefined ? undefined : rows.get(parent);
  const key = rows.nextKey();
  const place = {
    root: key,
    ...(isRun && { run: key }),
    ...(source && { parent: { key: source.key, id: source.id } }),
  };
  const said = { ...(input && { input }), ...(comment !== undefined && { comment }) };
  const task = newTask({ key, id, name, configuration, ...place, ...said }, at);
  rows.add(task);
  events.append(task, at, { kind: "created", name, ...(parent !== undefined && { parent }) });
  return task;
}
