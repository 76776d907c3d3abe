import type { TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** Inside an operation: the controller of a run, also of one that another run called. Throws a ConflictError where there is no such run. */
export function controllerOf(tables: Tables, run: TaskId): TaskRow {
  const task = tables.rows.get(run);
  if (task === undefined || task.template || !isController(tables, task))
    throw new ConflictError(`there is no run "${run}"`);
  return task;
}

export const isController = ({ configurations }: Tables, task: TaskRow): boolean =>
  configurations.get(task.configuration).code.kind === "controller";
