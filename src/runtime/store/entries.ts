/** Entries of queues: the tasks that wait for an agent. */
import { rootOf } from "../../model/identity.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Amounts } from "../../model/resources.ts";
import { heldUntil, laneOf, leaveRoom, roomOf } from "./lanes.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";

/** Puts a task, which has just become `queued`, into its queue. `age`: the number of the event that says so. */
export function addEntry(tables: Tables, task: TaskRef, options: TaskOptions, age: number, notBefore?: number): void {
  tables.database.run(
    `insert into entries (task, run, root, queue, priority, age, not_before, lane, resources)
     values (?, ?, (select key from tasks where id = ?), ?, ?, ?, ?, ?, ?)`,
    task.key,
    task.run.key,
    rootOf(task.id),
    options.queue,
    options.priority ?? 0,
    age,
    notBefore,
    laneOf(tables, task, options),
    options.resources && JSON.stringify(options.resources),
  );
}

/** Takes the task out of its queue, if it is in one. */
export function removeEntry({ database }: Tables, task: number): void {
  database.run("delete from entries where task = ?", task);
}

/** The same for one that will not start: what it may have kept from going on goes on. */
export function withdrawEntry(tables: Tables, task: number, at: number): void {
  const removed = tables.database.get<{ lane: string | null }>(
    "delete from entries where task = ? returning lane",
    task,
  );
  if (removed && removed.lane !== null) leaveRoom(tables, task, removed.lane, at);
}

/** The keys of a task and of its run, its lane, what it needs, as JSON, and how many more of its queue may run. */
export type Entry = { task: number; run: number; lane: string | null; resources: string | null; room: number | null };

export type Due = { queue: string; now: number; limit: number; offered: Amounts; run?: string | undefined };

/**
 * Up to `limit` due entries of a queue: priority, then age; of those that need something, only what is offered covers. With `run`, only of that run and
 * of those that it called, at any depth.
 */
export function dueEntries({ database }: Tables, { queue, now, limit, offered, run }: Due): Entry[] {
  const due = `queue = ?1 and (not_before is null or not_before <= ?2) and not exists (select 1 from queues where name = ?1 and paused = 1)
    and (resources is null or covers(?4, resources))
    ${run === undefined ? "" : "and root = (select key from tasks where id = ?5)"} order by priority desc, age limit min(?3, coalesce(${room}, ?3))`;
  const values = [queue, now, limit, JSON.stringify(offered), ...(run === undefined ? [] : [run])];
  return database.all<Entry>(`select task, run, lane, resources, ${room} as room from entries where ${due}`, ...values);
}

const room = roomOf("?1");

/** The earliest time, after `now`, at which an entry becomes due. */
export function nextDueAt({ database }: Tables, queues: string[], now: number, run?: string): number | undefined {
  const row = database.get<{ at: number | null }>(
    `select min(not_before) as at from entries
     where not_before > ? and not_before < ${heldUntil} and queue in (select value from json_each(?)) and (? is null or root = (select key from tasks where id = ?))`,
    now,
    JSON.stringify(queues),
    run,
    run,
  );
  return row?.at ?? undefined;
}
