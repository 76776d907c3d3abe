/** Queues as people see them: what waits where, in which order, and whether it may be claimed. */
import type { TaskId } from "../../model/task.ts";
import { ConflictError, type Position, type QueueEntry, type QueueState } from "../ports.ts";
import { readAgents } from "./agents.ts";
import { setOptions } from "./edit.ts";
import { dequeueTask } from "./enqueue.ts";
import { heldUntil } from "./held.ts";
import { leaveRoom } from "./lanes.ts";
import type { Tables } from "./tables.ts";
import { forgetUnserved, tellUnserved } from "./unserved.ts";

/** Inside a read. */
export function listQueues(tables: Tables): QueueState[] {
  const { database, queues } = tables;
  const waiting = database.all<{ name: string; waiting: number; oldest: number }>(
    "select queue as name, count(*) as waiting, min(queued_at) as oldest from tasks where status = 'queued' group by queue",
  );
  const running = database.all<{ name: string; running: number }>(
    `select c.options ->> 'queue' as name, count(*) as running from running_tasks t join configurations c on c.key = t.configuration
     where t.template = 0 group by 1`,
  );
  if (database.isBehind()) queues.forget();
  const known = queues.all;
  const agents = readAgents(database);
  const names = new Set([
    ...waiting.map(({ name }) => name),
    ...known.keys(),
    ...agents.flatMap((agent) => agent.queues),
  ]);
  return [...names].sort().map((name) => {
    const entries = waiting.find((queue) => queue.name === name);
    const { paused = false, limit } = known.get(name) ?? {};
    return {
      name,
      paused,
      ...(limit !== undefined && { limit }),
      waiting: entries?.waiting ?? 0,
      running: running.find((queue) => queue.name === name)?.running ?? 0,
      ...(entries && { oldestAt: entries.oldest }),
      agents: agents.filter(({ queues }) => queues.includes(name)).map(({ id }) => id),
    };
  });
}

/** Inside a read, or an operation. */
export function entriesOf({ database }: Tables, queue: string, limit = -1): QueueEntry[] {
  return database.all<EntryRow>(`${selectEntries} limit ?`, queue, limit).map((row, i) => ({
    task: row.id,
    name: row.name,
    queue,
    position: i + 1,
    priority: row.priority,
    queuedAt: row.queued_at,
    ...(row.not_before !== null && (row.not_before === heldUntil ? { held: true } : { notBefore: row.not_before })),
  }));
}

/** Inside an operation, as all below. Throws a ConflictError where the task does not wait. */
export function moveEntry(
  tables: Tables,
  id: TaskId,
  to: { queue?: string; position?: Position },
  at: number,
): QueueEntry {
  const { configurations, rows, events, write, reread } = tables;
  const task = rows.ofId(id);
  if (task.status !== "queued")
    throw new ConflictError(`the task "${id}" is ${task.status}: only what waits in a queue can be moved`);
  const { queue = task.queue!, position } = to;
  const isElsewhere = queue !== task.queue;
  if (isElsewhere) {
    setOptions(tables, task, { ...configurations.get(task.configuration).options, queue });
    task.queue = queue;
    if (task.lane !== null) leaveRoom(tables, task, task.lane, at);
  }
  write();
  if (position !== undefined) place(tables, task.key, queue, position);
  // Its place in a line in memory is not the one that it has.
  reread();
  const placed = rows.at(task.key);
  events.append(placed, at, { kind: "placed", queue });
  if (isElsewhere) {
    forgetUnserved(tables, placed);
    tellUnserved(tables, placed, at);
  }
  return entriesOf(tables, queue).find((other) => other.task === id)!;
}

export function clearQueue(tables: Tables, queue: string, at: number): TaskId[] {
  tables.write();
  const waiting = entriesOf(tables, queue).map(({ task }) => task);
  for (const id of waiting) dequeueTask(tables, id, at);
  return waiting;
}

/** A queue that goes on tells so by its first entry, so that agents hear of it. */
export function pauseQueue(tables: Tables, queue: string, paused: boolean, at: number): void {
  const { queues, rows, events, write } = tables;
  queues.pause(queue, paused);
  write();
  const [first] = paused ? [] : entriesOf(tables, queue, 1);
  if (first) events.append(rows.ofId(first.task), at, { kind: "placed", queue });
}

/** Those of its new neighbours' priority that stand before it make room by one. */
function place({ database }: Tables, task: number, queue: string, position: Position): void {
  const others = database.all<PlaceRow>(selectEntries, queue);
  const from = others.findIndex(({ key }) => key === task);
  const own = others.splice(from, 1)[0]!;
  const index = Math.min(Math.max(indexOf(position, from, others.length), 0), others.length);
  const [before, after] = [others[index - 1], others[index]];
  const { priority, age } = after
    ? { ...after, age: after.age - 1 }
    : before
      ? { ...before, age: before.age + 1 }
      : own;
  if (after)
    database.run(
      "update tasks set age = age - 1 where status = 'queued' and queue = ? and priority = ? and age < ? and key <> ?",
      queue,
      priority,
      after.age,
      task,
    );
  database.run("update tasks set priority = ?, age = ? where key = ?", priority, age, task);
}

function indexOf(position: Position, from: number, last: number): number {
  if (position === "front") return 0;
  if (position === "back") return last;
  return typeof position === "number" ? position - 1 : from + position.by;
}

type PlaceRow = { key: number; priority: number; age: number };
type EntryRow = PlaceRow & { id: string; name: string; queued_at: number; not_before: number | null };

const selectEntries = `select key, id, name, queued_at, priority, age, not_before
  from tasks where status = 'queued' and queue = ? order by priority desc, age, key`;
