/** Queues as people see them: what waits where, in which order, and whether it may be claimed. */
import type { TaskId } from "../../model/task.ts";
import { ConflictError, type Position, type QueueEntry, type QueueState } from "../ports.ts";
import { knownAgents } from "./agents.ts";
import { setOptions } from "./edit.ts";
import { dequeueTask } from "./enqueue.ts";
import { heldUntil, leaveRoom } from "./lanes.ts";
import type { Tables } from "./tables.ts";

/** Inside a read. */
export function listQueues(tables: Tables): QueueState[] {
  const { database } = tables;
  const waiting = database.all<{ name: string; waiting: number; oldest: number }>(
    "select e.queue as name, count(*) as waiting, min(t.queued_at) as oldest from entries e join tasks t on t.key = e.task group by e.queue",
  );
  const running = database.all<{ name: string; running: number }>(
    `select c.options ->> 'queue' as name, count(*) as running from tasks t join configurations c on c.key = t.configuration
     where t.status = 'running' and t.template = 0 group by 1`,
  );
  const known = database.all<{ name: string; paused: 0 | 1; running_limit: number | null }>(
    "select name, paused, running_limit from queues",
  );
  const agents = knownAgents(tables);
  const names = new Set([...waiting, ...known].map(({ name }) => name).concat(agents.flatMap(({ queues }) => queues)));
  return [...names].sort().map((name) => {
    const entries = waiting.find((queue) => queue.name === name);
    const said = known.find((queue) => queue.name === name);
    return {
      name,
      paused: said?.paused === 1,
      ...(said && said.running_limit !== null && { limit: said.running_limit }),
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
  const { database, configurations, tasks, events } = tables;
  const task = tasks.state(id);
  const entry = database.get<{ queue: string; lane: string | null }>(
    "select queue, lane from entries where task = ?",
    task.key,
  );
  if (entry === undefined)
    throw new ConflictError(`the task "${id}" is ${task.status}: only what waits in a queue can be moved`);
  const { queue = entry.queue, position } = to;
  if (queue !== entry.queue) {
    setOptions(tables, task, { ...configurations.get(task.configuration).options, queue });
    database.run("update entries set queue = ? where task = ?", queue, task.key);
    if (entry.lane !== null) leaveRoom(tables, task.key, entry.lane, at);
  }
  if (position !== undefined) place(tables, task.key, queue, position);
  events.append(task, at, { kind: "placed", queue });
  return entriesOf(tables, queue).find((other) => other.task === id)!;
}

export function clearQueue(tables: Tables, queue: string, at: number): TaskId[] {
  const waiting = entriesOf(tables, queue).map(({ task }) => task);
  for (const id of waiting) dequeueTask(tables, id, at);
  return waiting;
}

/** A queue that goes on tells so by its first entry, so that agents hear of it. */
export function pauseQueue(tables: Tables, queue: string, paused: boolean, at: number): void {
  const { database, tasks, events } = tables;
  database.run(
    "insert into queues (name, paused) values (?, ?) on conflict (name) do update set paused = excluded.paused",
    queue,
    Number(paused),
  );
  const [first] = paused ? [] : entriesOf(tables, queue, 1);
  if (first) events.append(tasks.ref(first.task), at, { kind: "placed", queue });
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
      "update entries set age = age - 1 where queue = ? and priority = ? and age < ? and task <> ?",
      queue,
      priority,
      after.age,
      task,
    );
  database.run("update entries set priority = ?, age = ? where task = ?", priority, age, task);
}

function indexOf(position: Position, from: number, last: number): number {
  if (position === "front") return 0;
  if (position === "back") return last;
  return typeof position === "number" ? position - 1 : from + position.by;
}

type PlaceRow = { key: number; priority: number; age: number };
type EntryRow = PlaceRow & { id: string; name: string; queued_at: number; not_before: number | null };

const selectEntries = `select t.key, t.id, t.name, t.queued_at, e.priority, e.age, e.not_before
  from entries e join tasks t on t.key = e.task where e.queue = ? order by e.priority desc, e.age, e.task`;
