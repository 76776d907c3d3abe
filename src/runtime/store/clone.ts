/** Clones: new tasks from a template, with its name and configuration, queued at once. */
import type { CacheKey } from "../../model/cache.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Stored, TaskId } from "../../model/task.ts";
import { copyInputs } from "./artifacts.ts";
import { takeFromCache, takeFromRun } from "./cache.ts";
import { copyConfiguration } from "./configuration-objects.ts";
import { enqueue } from "./enqueue.ts";
import type { Tables } from "./tables.ts";
import { newTask, type TaskRow } from "./task-row.ts";
import { tellUnserved } from "./unserved.ts";

export type Clone = {
  id: TaskId;
  template: TaskRow;
  /** The controller that it is for, and its path there; absent for a controller that nobody calls, which is a run of its own. */
  run?: { task: TaskRow; path: string };
  input?: Stored;
  /** Instead of the template's. */
  options?: Partial<TaskOptions>;
  /** It may be taken from the cache. */
  cache?: CacheKey;
  /** A task of the run that its own run does again, for the same call. */
  takes?: TaskId;
  /** With the template's configuration objects, which templates of pipelines do not have. */
  whole?: boolean;
};

/** Inside an operation. Gives the task; where one of that id exists, that one as it is. */
export function cloneTask(tables: Tables, clone: Clone, at: number): TaskRow {
  const { id, template, run, input, options, cache, takes, whole } = clone;
  const { configurations, events, rows } = tables;
  const existing = run !== undefined && isNewCall(run.task, run.path) ? undefined : rows.get(id);
  if (existing !== undefined) return existing;
  const configuration = options ? overridden(tables, template.configuration, options) : template.configuration;
  const key = rows.nextKey();
  const place =
    run === undefined ? { run: key, root: key } : { run: run.task.key, root: run.task.root, path: run.path };
  const parent = { key: template.key, id: template.id };
  const task = newTask({ key, id, ...place, parent, name: template.name, configuration, input }, at);
  rows.add(task);
  const { options: taskOptions, code } = configurations.get(configuration);
  if (code.kind === "controller") task.calls = new Set();
  events.append(task, at, { kind: "created", name: template.name, parent: template.id });
  if (whole) copyWhole(tables, template, task);
  const { cache: policy, resources, monitor } = taskOptions;
  if (takes !== undefined && takeFromRun(tables, { task, from: takes, monitor }, at)) return task;
  if (cache && policy && takeFromCache(tables, { task, key: cache, policy, monitor }, at)) return task;
  events.append(task, at, { kind: "queued", queue: taskOptions.queue });
  enqueue(tables, task, taskOptions, at);
  // Who starts a run may bring its agents.
  if (run || resources) tellUnserved(tables, task, at);
  return task;
}

/** So many calls of a run are remembered: of more, the database knows. */
const mostCalls = 4_096;

/** Of a run that was made here, as long as nobody else has written, what it calls need not be looked for. */
function isNewCall(run: TaskRow, path: string): boolean {
  const { calls } = run;
  if (calls === undefined || calls.has(path)) return false;
  if (calls.size === mostCalls) run.calls = undefined;
  else calls.add(path);
  return true;
}

function copyWhole(tables: Tables, from: TaskRow, to: TaskRow): void {
  tables.write();
  copyConfiguration(tables, from.key, to.key);
  copyInputs(tables, from.key, to.key);
}

function overridden({ configurations }: Tables, key: number, options: Partial<TaskOptions>): number {
  const configuration = configurations.get(key);
  return configurations.keep({ ...configuration, options: { ...configuration.options, ...options } });
}
