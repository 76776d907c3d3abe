/**
 * What waits where no agent serves it says so by an event, once, when it comes to wait there or when the last such agent has gone; and says so again when one
 * comes. Who lives is not asked here: the dead are forgotten by whoever notices.
 */
import { rootOf } from "../../model/identity.ts";
import { covers } from "../../model/resources.ts";
import type { Agent, TaskId } from "../../model/task.ts";
import type { Tables } from "./tables.ts";
import type { TaskRow } from "./task-row.ts";

/** Inside an operation, as all below: of a task that waits. */
export function tellUnserved(tables: Tables, task: TaskRow, at: number): void {
  const { agents, database, events, write } = tables;
  if (agents.all.some((agent) => agent.queues.includes(task.queue!) && serves(agent, task))) return;
  // The row comes first: it may be new.
  write();
  const { changes } = database.run("insert or ignore into unserved (task) values (?)", task.key);
  if (changes === 0) return;
  const { queue, resources } = task;
  const lacks =
    resources !== undefined && agents.all.some((agent) => agent.queues.includes(queue!) && isFor(agent, task));
  events.append(task, at, { kind: "unserved", queue: queue!, ...(lacks && { resources }) });
}

/** By hand, of whichever task. Where it does not wait any more, nothing is said. */
export function tellIfUnserved(tables: Tables, id: TaskId, at: number): void {
  const task = tables.rows.ofId(id);
  if (task.status === "queued") tellUnserved(tables, task, at);
}

/** Of a task that waits no more, or elsewhere. */
export function forgetUnserved({ database }: Tables, task: TaskRow): void {
  database.run("delete from unserved where task = ?", task.key);
}

/** Agents have gone: what waits in their queues may have none left. */
export function tellLeft(tables: Tables, gone: readonly Agent[], at: number): void {
  const { agents, database, rows, write } = tables;
  write();
  for (const queue of new Set(gone.flatMap(({ queues }) => queues))) {
    const isOpen = agents.all.some(
      ({ queues, run, slots }) => slots > 0 && run === undefined && queues.includes(queue),
    );
    const waiting = database.all<{ key: number }>(
      `select key from tasks where status = 'queued' and queue = ? ${isOpen ? "and resources is not null" : ""} order by priority desc, age`,
      queue,
    );
    for (const { key } of waiting) tellUnserved(tables, rows.at(key), at);
  }
}

/** An agent has come: what waited for it goes on. */
export function tellServed(tables: Tables, agent: Agent, at: number): void {
  const { database, rows, events } = tables;
  for (const { task: key } of database.all<{ task: number }>("select task from unserved")) {
    const task = rows.at(key);
    const waits = task.status === "queued";
    if (waits && !(agent.queues.includes(task.queue!) && serves(agent, task))) continue;
    forgetUnserved(tables, task);
    if (waits) events.append(task, at, { kind: "placed", queue: task.queue! });
  }
}

/** Of an agent of its queue. */
const serves = (agent: Agent, task: TaskRow): boolean =>
  isFor(agent, task) && (task.resources === undefined || covers(agent.resources ?? {}, task.resources));

/** One that drains takes nothing more. */
const isFor = ({ run, slots }: Agent, { id }: TaskRow): boolean =>
  slots > 0 && (run === undefined || run === rootOf(id));
