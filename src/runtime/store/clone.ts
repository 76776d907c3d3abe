/** Clones: new tasks from a template, with its name and configuration, queued at once. */
import type { CacheKey } from "../../model/cache.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Stored, TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import { copyInputs } from "./artifacts.ts";
import { takeFromCache } from "./cache.ts";
import { copyConfiguration } from "./configuration-objects.ts";
import { addEntry } from "./entries.ts";
import { moveSql } from "./moves.ts";
import { toColumns } from "./stored.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";
import { noteUncovered } from "./unserved.ts";

export type Clone = {
  id: TaskId;
  template: TaskId;
  /** The controller that it is for, and its path there; absent for a controller, which is a run of its own. */
  run?: { task: TaskRef; path: string };
  input?: Stored;
  /** Instead of the template's. */
  options?: Partial<TaskOptions>;
  /** It may be taken from the cache. */
  cache?: CacheKey;
  /** With the template's configuration objects, which templates of pipelines do not have. */
  whole?: boolean;
};

const enqueue = moveSql("enqueue", "queued_at = ?");

/** Inside an operation. False where a task of that id exists: it is left as it is. Throws a ConflictError where there is no such template. */
export function cloneTask(
  tables: Tables,
  { id, template, run, input, options, cache, whole }: Clone,
  at: number,
): boolean {
  const { database, configurations, events } = tables;
  const parent = database.get<{ key: number; name: string; configuration: number }>(
    "select key, name, configuration from tasks where id = ?",
    template,
  );
  if (parent === undefined) throw new ConflictError(`there is no task "${template}" to clone`);
  const configuration = options ? overridden(tables, parent.configuration, options) : parent.configuration;
  const { queue, cache: policy, resources, monitor } = configurations.get(configuration).options;
  const cacheable = cache && policy && { step: parent.name, key: cache, policy, monitor };
  const { changes, key } = database.run(
    `insert into tasks (id, run, path, parent, name, status, configuration, input, input_bytes, created_at, queued_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing`,
    id,
    run?.task.key,
    run?.path,
    parent.key,
    parent.name,
    cacheable ? "draft" : "queued",
    configuration,
    ...toColumns(input),
    at,
    cacheable ? undefined : at,
  );
  if (changes === 0) return false;
  if (run === undefined) database.run("update tasks set run = key where key = ?", key);
  if (whole) {
    copyConfiguration(tables, parent.key, key);
    copyInputs(tables, parent.key, key);
  }
  const task: TaskRef = { key, id, run: run?.task ?? { key, id } };
  events.append(task, at, { kind: "created", name: parent.name, parent: template });
  if (cacheable) {
    if (takeFromCache(tables, { task, ...cacheable }, at)) return true;
    database.run(enqueue, at, key);
  }
  addEntry(tables, task, configurations.get(configuration).options, events.append(task, at, { kind: "queued", queue }));
  if (resources) noteUncovered(tables, task, queue, resources, at);
  return true;
}

function overridden({ configurations }: Tables, key: number, options: Partial<TaskOptions>): number {
  const configuration = configurations.get(key);
  return configurations.keep({ ...configuration, options: { ...configuration.options, ...options } });
}
