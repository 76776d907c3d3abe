/**
 * Lanes: tasks whose number at once, or starts in a span, are limited together, over all agents. While a lane is full, those that wait in it are held, and no
 * claim looks at them; when there is room, as many go on as it has, of each run in each queue, since nobody knows whose agents come first.
 */
import type { TaskOptions } from "../../model/options.ts";
import { mayStartAt } from "../../model/rate.ts";
import type { Tables } from "./tables.ts";
import type { TaskRef } from "./tasks.ts";

/** Stands for the time at which an entry is due that is held: the last one that a Date can say. */
export const heldUntil = 8.64e15;

/** Inside an operation, as all below. The lane of a task that is about to wait; undefined where nothing limits it. */
export function laneOf({ database }: Tables, task: TaskRef, { concurrency, rate }: TaskOptions): string | undefined {
  if (concurrency === undefined && rate === undefined) return undefined;
  if (concurrency?.key !== undefined) return `key ${concurrency.key}`;
  const { step } = database.get<{ step: number }>(
    "select coalesce(parent, key) as step from tasks where key = ?",
    task.key,
  )!;
  return `step ${step}`;
}

/** Of a task `t`, in the select of whoever ends its attempt: the lanes that it holds, as JSON; null where none. */
export const heldLanes = "(select json_group_array(lane) from holds where task = t.key having count(*) > 0) as lanes";

/** Of a queue, in a select of its entries: how many more of its tasks may run; null where any number may. */
export const roomOf = (queue: string): string =>
  `(select max(0, q.running_limit - (select count(*) from holds where lane = 'queue ' || q.name))
    from queues q where q.name = ${queue} and q.running_limit is not null)`;

/** The task of a queue with a limit starts. */
export function enterQueue({ database }: Tables, task: number, queue: string): void {
  database.run("insert into holds (task, lane) values (?, ?)", task, `queue ${queue}`);
}

/** Inside an operation. `limit`: at most so many of the queue's tasks run at once; undefined: any number. Those that run already do not count. */
export function limitQueue(tables: Tables, queue: string, limit: number | undefined, at: number): void {
  tables.database.run(
    "insert into queues (name, running_limit) values (?, ?) on conflict (name) do update set running_limit = excluded.running_limit",
    queue,
    limit,
  );
  tellQueue(tables, queue, at);
}

/** Whether the task, which is due, may start: then it holds its lane. Else all that are due in the lane are held. */
export function enterLane(tables: Tables, task: number, lane: string, at: number): boolean {
  const { database } = tables;
  const { concurrency, rate } = optionsOf(tables, task);
  const opensAt = rate && mayStartAt(rate, startBefore(tables, lane, rate.count), at);
  if (opensAt !== undefined || (concurrency && running(tables, lane) >= concurrency.limit)) {
    hold(tables, lane, at);
    if (opensAt !== undefined) release(tables, lane, { count: 1, notBefore: opensAt }, at);
    return false;
  }
  if (concurrency) database.run("insert into holds (task, lane) values (?, ?)", task, lane);
  if (rate) {
    database.run("insert into starts (lane, at) values (?, ?)", lane, at);
    database.run("delete from starts where lane = ? and at <= ?", lane, at - rate.perMs);
    leaveRoom(tables, task, lane, at);
  }
  return true;
}

/** The task's attempt is over: others may go on. `lanes`: what it holds. */
export function leaveLanes(tables: Tables, task: number, lanes: string, at: number): void {
  tables.database.run("delete from holds where task = ?", task);
  for (const lane of JSON.parse(lanes) as string[])
    if (lane.startsWith("queue ")) tellQueue(tables, lane.slice("queue ".length), at);
    else leaveRoom(tables, task, lane, at);
}

/** Agents hear of it by the first that waits there. */
function tellQueue({ database, tasks, events }: Tables, queue: string, at: number): void {
  const first = database.get<{ id: string }>(
    `select t.id from entries e join tasks t on t.key = e.task
     where e.queue = ? and (e.not_before is null or e.not_before <= ?) order by e.priority desc, e.age limit 1`,
    queue,
    at,
  );
  if (first) events.append(tasks.ref(first.id), at, { kind: "placed", queue });
}

/** What is held goes on, as far as there is room by the limits of that task. */
export function leaveRoom(tables: Tables, task: number, lane: string, at: number): void {
  const { concurrency, rate } = optionsOf(tables, task);
  const free = concurrency ? concurrency.limit - running(tables, lane) : Number.POSITIVE_INFINITY;
  const allowed = rate ? rate.count - startsSince(tables, lane, at - rate.perMs) : Number.POSITIVE_INFINITY;
  const count = Math.min(free, Math.max(allowed, 1));
  if (count <= 0) return;
  const notBefore = rate && mayStartAt(rate, startBefore(tables, lane, rate.count), at);
  release(tables, lane, { count, ...(notBefore !== undefined && { notBefore }) }, at);
}

function optionsOf({ database, configurations }: Tables, task: number): TaskOptions {
  const { configuration } = database.get<{ configuration: number }>(
    "select configuration from tasks where key = ?",
    task,
  )!;
  return configurations.get(configuration).options;
}

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

function hold({ database }: Tables, lane: string, at: number): void {
  database.run(
    `update entries set not_before = ${heldUntil} where lane = ? and (not_before is null or not_before <= ?)`,
    lane,
    at,
  );
}

/** So many of each run in each queue, by priority and age. Agents hear of it. */
function release(
  tables: Tables,
  lane: string,
  { count, notBefore }: { count: number; notBefore?: number },
  at: number,
): void {
  const { database, tasks, events } = tables;
  for (const { root, queue } of groups(tables, lane)) {
    const next = database.all<{ task: number; id: string }>(
      `select e.task, t.id from entries e join tasks t on t.key = e.task
       where e.lane = ? and e.not_before = ${heldUntil} and e.root = ? and e.queue = ? order by e.priority desc, e.age limit ?`,
      lane,
      root,
      queue,
      Math.min(count, Number.MAX_SAFE_INTEGER),
    );
    for (const { task, id } of next) {
      database.run("update entries set not_before = ? where task = ?", notBefore, task);
      events.append(tasks.ref(id), at, { kind: "placed", queue });
    }
  }
}

type Group = { root: number; queue: string };

/** Each by a look into the index: what is held may be very much. */
function* groups({ database }: Tables, lane: string): Generator<Group> {
  const next = (after: Group) =>
    database.get<Group>(
      `select root, queue from entries where lane = ? and not_before = ${heldUntil} and (root, queue) > (?, ?) order by root, queue limit 1`,
      lane,
      after.root,
      after.queue,
    );
  for (let group = next({ root: 0, queue: "" }); group; group = next(group)) yield group;
}
