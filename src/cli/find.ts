/** Runs and tasks by what people type: an id, or as much of its beginning as is unique. */

import { nearest } from "../model/nearest.ts";
import { ended, type Task } from "../model/task.ts";
import type { Store } from "../runtime/ports.ts";
import { UsageError } from "./errors.ts";

/** The controller task of a run. Throws a UsageError where there is none, or more than one. */
export async function findRun(store: Store, id: string): Promise<Task> {
  const exact = await store.tasks.get(id);
  if (exact?.code.kind === "controller" && !exact.template) return exact;
  const runs = (await store.tasks.list({ topLevel: true })).filter(isController);
  return theOnly(runs, id, "run", "reprise tasks --type controller");
}

/** A task of a run as `run/path`, both of which may be cut short; or a run's controller by the run's id. */
export async function findTask(store: Store, id: string): Promise<Task> {
  const exact = await store.tasks.get(id);
  if (exact) return exact;
  const slash = id.indexOf("/");
  if (slash === -1) return theOnly(await store.tasks.list({ topLevel: true }), id, "task", "reprise tasks");
  const run = await findRun(store, id.slice(0, slash));
  const whole = `${run.id}${id.slice(slash)}`;
  const tasks = await store.tasks.list({ run: run.id });
  const same = tasks.find((task) => task.id === whole);
  return same ?? theOnly(tasks, whole, "task", `reprise tasks --run ${run.id}`);
}

/** A controller stands for its whole run, any other task for itself. */
export async function tasksOf(store: Store, task: Task): Promise<Task[]> {
  return isController(task) ? store.tasks.list({ run: task.id }) : [task];
}

const isController = (task: Task): boolean => task.code.kind === "controller";

/** How a task is named within a run, through the runs that it called; empty for the run itself. */
export const pathIn = (run: string, task: Task): string => task.id.slice(run.length + 1);

function theOnly(tasks: Task[], prefix: string, noun: string, list: string): Task {
  const matches = tasks.filter((task) => task.id.startsWith(prefix));
  if (matches.length === 1) return matches[0]!;
  if (matches.length > 1) {
    const some = matches.slice(0, 5).map((task) => task.id);
    const more = matches.length > some.length ? ` and ${matches.length - some.length} more` : "";
    throw new UsageError(
      `"${prefix}" is the beginning of ${matches.length} ${noun}s`,
      `Say which: ${some.join(", ")}${more}.`,
    );
  }
  const meant = nearest(
    prefix,
    tasks.map((task) => task.id),
  );
  throw new UsageError(
    `there is no ${noun} "${prefix}" in this store`,
    `${meant ? `Is it ${meant}? ` : ""}See them all: ${list}`,
  );
}

export function assertNotEnded(run: Task, verb: string): void {
  if (ended(run.status))
    throw new UsageError(`the run ${run.id} has ended (${run.status}): there is nothing to ${verb}`);
}
