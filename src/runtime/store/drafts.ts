/** Drafts: new tasks of their own, written anew or cloned from another task. */

import type { TaskOptions } from "../../model/options.ts";
import { checkProject } from "../../model/project.ts";
import { runIdPattern } from "../../model/run-id.ts";
import type { Stored, TaskId } from "../../model/task.ts";
import { ConflictError, type Draft, type Tasks } from "../ports.ts";
import { copyInputs } from "./artifacts.ts";
import { copyConfiguration, writeConfiguration } from "./configuration-objects.ts";
import { fromColumns, type StoredColumns, toColumns } from "./stored.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";

/** Inside an operation, as all below. Throws a ConflictError where the id is taken or is none, a RangeError for a project that is none. */
export function createDraft(tables: Tables, draft: Draft, at: number): TaskRef {
  const { code, options, configuration = {} } = draft;
  const row = {
    ...draft,
    configuration: tables.configurations.keep({ options: checkedOptions(options), code }),
    isRun: code.kind === "controller",
  };
  const task = insert(tables, row, at);
  for (const [name, content] of Object.entries(configuration)) writeConfiguration(tables, task.key, name, content);
  return task;
}

type Changes = Parameters<Tasks["clone"]>[1];

export function cloneDraft(tables: Tables, source: TaskId, changes: Changes, at: number): TaskRef {
  const { database, configurations } = tables;
  const found = database.get<SourceRow>(
    "select key, name, configuration, input, input_bytes, comment from tasks where id = ?",
    source,
  );
  if (found === undefined) throw new ConflictError(`there is no task "${source}" to clone`);
  const { options, code } = configurations.get(found.configuration);
  const { configuration = {}, input = fromColumns([found.input, found.input_bytes]), ...given } = changes;
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

type SourceRow = {
  key: number;
  name: string;
  configuration: number;
  input: StoredColumns[0];
  input_bytes: StoredColumns[1];
  comment: string | null;
};

type Row = {
  id: TaskId;
  name: string;
  configuration: number;
  parent?: TaskId;
  input?: Stored;
  comment?: string;
  isRun: boolean;
};

function insert({ database, events }: Tables, row: Row, at: number): TaskRef {
  const { id, name, parent, input, comment } = row;
  if (!runIdPattern.test(id))
    throw new ConflictError(
      `"${id}" cannot name a task: write up to 100 letters, digits, ".", "_" or "-", a letter or digit first`,
    );
  const { changes, key } = database.run(
    `insert into tasks (id, parent, name, status, configuration, input, input_bytes, comment, created_at)
     values (?, (select key from tasks where id = ?), ?, 'draft', ?, ?, ?, ?, ?) on conflict (id) do nothing`,
    id,
    parent,
    name,
    row.configuration,
    ...toColumns(input),
    comment,
    at,
  );
  if (changes === 0) throw new ConflictError(`there is a task "${id}" already: take another id`);
  if (row.isRun) database.run("update tasks set run = key where key = ?", key);
  const task: TaskRef = { key, id, run: { key, id } };
  events.append(task, at, { kind: "created", name, ...(parent !== undefined && { parent }) });
  return task;
}
