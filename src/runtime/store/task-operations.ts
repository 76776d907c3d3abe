/** The tasks' port: each of its operations is a file of its own. */
import type { TaskId } from "../../model/task.ts";
import type { Tasks } from "../ports.ts";
import { abortTaskAlone } from "./abort.ts";
import { beginTask } from "./begin.ts";
import { configurationOf } from "./configuration-objects.ts";
import { deleteTask } from "./delete.ts";
import { cloneDraft, createDraft } from "./drafts.ts";
import { editTask, recordOwn } from "./edit.ts";
import { dequeueTask, enqueueTask } from "./enqueue.ts";
import { archiveTask, publishTask } from "./flags.ts";
import { tellInstalling } from "./installing.ts";
import { listProjects } from "./projects.ts";
import { resetTask } from "./reset.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";
import { tellIfUnserved } from "./unserved.ts";

export function tasksOf(tables: Tables): Tasks {
  const { database, tasks } = tables;
  /** Gives the task as it is then. */
  const write = (operation: (at: number) => TaskRow) => database.change(() => tasks.of(operation(Date.now())));
  return {
    get: (id) => tasks.get(id),
    list: (filter) => tasks.list(filter),
    attempts: (id) => tasks.attempts(id),
    projects: () => database.read(() => listProjects(tables)),
    configuration: (id) => database.read(() => configurationOf(tables, id)),
    create: (draft) => write((at) => createDraft(tables, draft, at)),
    clone: (source, changes) => write((at) => cloneDraft(tables, source, changes, at)),
    edit: (id, edit) => write((at) => editTask(tables, id, edit, at)),
    record: (id, attempt, what) => database.change(() => recordOwn(tables, id, attempt, what, Date.now())),
    begin: (draft, agent) => write((at) => beginTask(tables, draft, agent, at)),
    enqueue: (id, queue) => write((at) => enqueueTask(tables, id, queue, at)),
    dequeue: (id) => write((at) => dequeueTask(tables, id, at)),
    abort: (id, reason) => database.change(() => abortTaskAlone(tables, id, reason, Date.now())),
    reset: (id: TaskId) => database.writeUnchecked(() => tasks.of(resetTask(tables, id, Date.now()))),
    delete: (id) => database.writeUnchecked(() => deleteTask(tables, id, Date.now())),
    publish: (id) => write((at) => publishTask(tables, id, at)),
    archive: (id, archived) => write((at) => archiveTask(tables, id, archived, at)),
    unserved: (id) => database.change(() => tellIfUnserved(tables, id, Date.now())),
    installing: (id, attempt, packages) =>
      database.change(() => tellInstalling(tables, { id, attempt, packages }, Date.now())),
  };
}
