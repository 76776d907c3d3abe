/**
 * Lanes: tasks whose number at once, or starts in a span, are limited together, over all agents. While a lane is full, those that wait in it are held, and no
 * claim looks at them; when there is room, as many go on as it has, of each run in each queue, since nobody knows whose agents come first.
 */
import type { TaskOptions } from "../../model/options.ts";
import { mayStartAt } from "../../model/rate.ts";
import { heldUntil } from "./held.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** The lane of a task that is about to wait; null where nothing limits it. */
export function laneOf({ key, parent }: TaskRow, { concurrency, rate }: TaskOptions): string | null {
  if (concurrency === undefined && rate === undefined) return null;
  return concurrency?.key === undefined ? `step ${parent?.key ?? key}` : `key ${concurrency.key}`;
}

/** Inside an operation, as all below. How many more of a queue's tasks may run. */
export function roomIn(tables: Tables, queue: string): number {
  const setting = tables.queues.all.get(queue);
  if (setting?.paused) return 0;
  return setting?.limit === undefined ? Number.POSITIVE_INFINITY : setting.limit - running(tables, queueLane(queue));
}

/** The task, which has just been claimed, counts where its queue has a limit. */
export function enterQueue(tables: Tables, { key, queue }: TaskRow): void {
  if (tables.queues.limitOf(queue) !== undefined) hold(tables, key, queueLane(queue!));
}

/** `limit`: at most so many of the queue's tasks run at once; undefined: any number. Those that run already do not count. */
export function limitQueue(tables: Tables, queue: string, limit: number | undefined, at: number): void {
  tables.queues.limit(queue, limit);
  // Without a limit nobody looks whether a task holds one.
  if (limit === undefined) tables.database.run("delete from holds where lane = ?", queueLane(queue));
  tellQueue(tables, queue, at);
}

/** Whether the task, which is due, may start: then it holds its lane. Else all that are due in the lane are held. */
export function enterLane(tables: Tables, task: TaskRow, lane: string, at: number): boolean {
  const { database } = tables;
  const { concurrency, rate } = optionsOf(tables, task);
  const opensAt = rate && mayStartAt(rate, startBefore(tables, lane, rate.count), at);
  if (opensAt !== undefined || (concurrency && running(tables, lane) >= concurrency.limit)) {
    holdBack(tables, lane, at);
    if (opensAt !== undefined) release(tables, lane, { count: 1, notBefore: opensAt }, at);
    return false;
  }
  if (concurrency) hold(tables, task.key, lane);
  if (rate) {
    database.run("insert into starts (lane, at) values (?, ?)", lane, at);
    database.run("delete from starts where lane = ? and at <= ?", lane, at - rate.perMs);
    leaveRoom(tables, task, lane, at);
  }
  return true;
}

/** May a running task hold a lane, or a place in its queue? What is of no limit need not be looked for. */
export const mayHold = ({ queues }: Tables, { lane, queue }: TaskRow): boolean =>
  lane !== null || queues.limitOf(queue) !== undefined;

/** The task's attempt is over: others may go on. */
export function leaveLanes(tables: Tables, task: TaskRow, at: number): void {
  if (!mayHold(tables, task)) return;
  const left = tables.database.all<{ lane: string }>("delete from holds where task = ? returning lane", task.key);
  for (const { lane } of left)
    if (lane === task.lane) leaveRoom(tables, task, lane, at);
    else tellQueue(tables, task.queue!, at);
}

/** What is held goes on, as far as there is room by the limits of that task. */
export function leaveRoom(tables: Tables, task: TaskRow, lane: string, at: number): void {
  const { concurrency, rate } = optionsOf(tables, task);
  const free = concurrency ? concurrency.limit - running(tables, lane) : Number.POSITIVE_INFINITY;
  const allowed = rate ? rate.count - startsSince(tables, lane, at - rate.perMs) : Number.POSITIVE_INFINITY;
  const count = Math.min(free, Math.max(allowed, 1));
  if (count <= 0) return;
  const notBefore = rate && mayStartAt(rate, startBefore(tables, lane, rate.count), at);
  release(tables, lane, { count, ...(notBefore !== undefined && { notBefore }) }, at);
}

const queueLane = (queue: string): string => `queue ${queue}`;

/** Agents hear of it by the first that waits there. */
function tellQueue(tables: Tables, queue: string, at: number): void {
  const { database, rows, events, write } = tables;
  write();
  const first = database.get<{ key: number }>(
    `select key from tasks where status = 'queued' and queue = ? and (not_before is null or not_before <= ?)
     order by priority desc, age limit 1`,
    queue,
    at,
  );
  if (first) events.append(rows.at(first.key), at, { kind: "placed", queue });
}

const optionsOf = ({ configurations }: Tables, { configuration }: TaskRow): TaskOptions =>
  configurations.get(configuration).options;

function running({ database }: Tables, lane: string): number {
  return database.get<{ n: number }>("select count(*) as n from holds where lane = ?", lane)!.n;
}

/** When the last but `n - 1` started. */
function startBefore({ database }: Tables, lane: string, n: number): number | undefined {
  return database.get<{ at: number }>(
    "select at from starts where lane = ? order by at desc limit 1 offset ?",
    lane,
    n - 1,
  )?.at;
}

function startsSince({ database }: Tables, lane: string, after: number): number {
  return database.get<{ n: number }>("select count(*) as n from starts where lane = ? and at > ?", lane, after)!.n;
}

/** The row comes first: it may be new. */
function hold({ database, write }: Tables, task: number, lane: string): void {
  write();
  database.run("insert into holds (task, lane) values (?, ?)", task, lane);
}

function holdBack({ database, write, reread }: Tables, lane: string, at: number): void {
  write();
  database.run(
    `update tasks set not_before = ${heldUntil} where lane = ? and status = 'queued' and (not_before is null or not_before <= ?)`,
    lane,
    at,
  );
  reread();
}

/** So many of each run in each queue, by priority and age. Agents hear of it. */
function release(
  tables: Tables,
  lane: string,
  { count, notBefore }: { count: number; notBefore?: number },
  at: number,
): void {
  const { database, rows, waiting, events, write } = tables;
  write();
  for (const { root, queue } of groups(tables, lane)) {
    const next = database.all<{ key: number }>(
      `select key from tasks where status = 'queued' and lane = ? and not_before = ${heldUntil} and root = ? and queue = ?
       order by priority desc, age limit ?`,
      lane,
      root,
      queue,
      Math.min(count, Number.MAX_SAFE_INTEGER),
    );
    for (const { key } of next) {
      const task = rows.at(key);
      task.notBefore = notBefore ?? null;
      rows.changed(task);
      waiting.add(task);
      events.append(task, at, { kind: "placed", queue });
    }
  }
}

type Group = { root: number; queue: string };

/** Each by a look into the index: what is held may be very much. */
function* groups({ database }: Tables, lane: string): Generator<Group> {
  const next = (after: Group) =>
    database.get<Group>(
      `select root, queue from tasks where status = 'queued' and lane = ? and not_before = ${heldUntil} and (root, queue) > (?, ?)
       order by root, queue limit 1`,
      lane,
      after.root,
      after.queue,
    );
  for (let group = next({ root: 0, queue: "" }); group; group = next(group)) yield group;
}
