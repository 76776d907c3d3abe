/** Entries of queues: the tasks that wait for an agent. */
import { rootOf } from "../../model/identity.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";

/** Puts a task, which has just become `queued`, into its queue. `age`: the number of the event that says so. */
export function addEntry(
  { database }: Tables,
  task: TaskRef,
  options: TaskOptions,
  age: number,
  notBefore?: number,
): void {
  database.run(
    `insert into entries (task, run, root, queue, priority, age, not_before)
     values (?, ?, (select key from tasks where id = ?), ?, ?, ?, ?)`,
    task.key,
    task.run.key,
    rootOf(task.id),
    options.queue,
    options.priority ?? 0,
    age,
    notBefore,
  );
}

/** Takes the task out of its queue, if it is in one. */
export function removeEntry({ database }: Tables, task: number): void {
  database.run("delete from entries where task = ?", task);
}

/** The keys of a task and of its run. */
export type Entry = { task: number; run: number };

/** Up to `limit` due entries of a queue: priority, then age. With `run`, only of that run and of those that it called, at any depth. */
export function dueEntries({ database }: Tables, queue: string, now: number, limit: number, run?: string): Entry[] {
  const due = "queue = ? and (not_before is null or not_before <= ?) order by priority desc, age limit ?";
  if (run === undefined) return database.all<Entry>(`select task, run from entries where ${due}`, queue, now, limit);
  const ofRun = "root = (select key from tasks where id = ?)";
  return database.all<Entry>(`select task, run from entries where ${ofRun} and ${due}`, run, queue, now, limit);
}

/** The earliest time, after `now`, at which an entry becomes due. */
export function nextDueAt({ database }: Tables, queues: string[], now: number, run?: string): number | undefined {
  const row = database.get<{ at: number | null }>(
    `select min(not_before) as at from entries
     where not_before > ? and queue in (select value from json_each(?)) and (? is null or root = (select key from tasks where id = ?))`,
    now,
    JSON.stringify(queues),
    run,
    run,
  );
  return row?.at ?? undefined;
}
