/**
 * The tasks that wait in queues, as far as they are known in memory: in order, and whether more lie in the database. While no other process writes, a claim
 * need not look there.
 */
import { type Amounts, covers } from "../../model/resources.ts";
import type { Database } from "./database.ts";
import { heldUntil } from "./held.ts";
import { type SelectedTask, selectTask, type TaskRow } from "./task-row.ts";
import type { TaskRows } from "./task-rows.ts";

/** So many are read ahead, and at most so many are remembered of a queue. */
const ahead = 256;
const most = 4_096;

/** Those of one queue, or of one root run in it. */
type Line = {
  /** By priority, then age. `attempt`: when it was queued; a task that is queued once more stands there once more. */
  places: { task: TaskRow; attempt: number }[];
  /** Are those all that were due by then? */
  complete: boolean;
  /** When one becomes due that is not among them. */
  until: number;
};

export class Waiting {
  readonly #database: Database;
  readonly #rows: TaskRows;
  /** Writes what operations have noted, for a query to see. */
  readonly #write: () => void;
  readonly #lines = new Map<string, Line>();

  constructor(database: Database, rows: TaskRows, write: () => void) {
    this.#database = database;
    this.#rows = rows;
    this.#write = write;
  }

  /** Inside an operation: a task has just become `queued`. */
  add(task: TaskRow): void {
    for (const root of [undefined, task.root ?? task.key]) {
      const name = nameOf(task.queue!, root);
      const line = this.#lines.get(name);
      if (line === undefined) continue;
      if (task.notBefore !== null) line.until = Math.min(line.until, task.notBefore);
      else if (line.complete && line.places.length < most) insert(line.places, task);
      else this.#lines.delete(name);
    }
  }

  /**
   * Inside an operation: the next due task of a queue, which must be claimed then, or held. With `root`, only of what runs for that run. What needs more than
   * is offered is passed over, and stays.
   */
  next(queue: string, root: number | undefined, offered: Amounts, now: number): TaskRow | undefined {
    for (;;) {
      const line = this.#line(queue, root, now);
      const passed: Line["places"] = [];
      let next: TaskRow | undefined;
      for (let place = line.places.shift(); place !== undefined; place = line.places.shift()) {
        const { task, attempt } = place;
        if (task.status !== "queued" || task.attempt !== attempt) continue;
        if (task.resources === undefined || covers(offered, task.resources)) {
          next = task;
          break;
        }
        passed.push(place);
      }
      line.places.unshift(...passed);
      if (next !== undefined || line.complete) return next;
      // Behind those that were read ahead may be one that needs less.
      if (passed.length > 0) return this.#firstCovered(queue, root, offered, now);
      this.#lines.delete(nameOf(queue, root));
    }
  }

  /** Inside an operation: when a task becomes due that is not yet; undefined where there is none. `root`: where only what runs for that run counts. */
  nextDueAt(queues: readonly string[], root: number | undefined, now: number): number | undefined {
    let until = never;
    for (const queue of queues) until = Math.min(until, this.#line(queue, root, now).until);
    return until === never ? undefined : until;
  }

  /** Nothing that is in memory is true any more. */
  forget(): void {
    this.#lines.clear();
  }

  #line(queue: string, root: number | undefined, now: number): Line {
    const name = nameOf(queue, root);
    let line = this.#lines.get(name);
    if (line === undefined || line.until <= now) {
      line = this.#read(queue, root, now);
      this.#lines.set(name, line);
    }
    return line;
  }

  #firstCovered(queue: string, root: number | undefined, offered: Amounts, now: number): TaskRow | undefined {
    this.#write();
    const first = `${ofQueue} and (? is null or t.root = ?) and (t.resources is null or covers(?, t.resources)) and ${due}`;
    const found = this.#database.get<SelectedTask>(first, queue, root, root, JSON.stringify(offered), now, 1);
    return found && this.#rows.of(found);
  }

  #read(queue: string, root: number | undefined, now: number): Line {
    this.#write();
    const found =
      root === undefined
        ? this.#database.all<SelectedTask>(`${ofQueue} and ${due}`, queue, now, ahead)
        : this.#database.all<SelectedTask>(`${ofQueue} and t.root = ? and ${due}`, queue, root, now, ahead);
    const places = found.map((selected) => {
      const task = this.#rows.of(selected);
      return { task, attempt: task.attempt };
    });
    return { places, complete: found.length < ahead, until: this.#until(queue, root, now) };
  }

  #until(queue: string, root: number | undefined, now: number): number {
    const first = `select min(not_before) as at from tasks
      where status = 'queued' and not_before is not null and not_before > ? and not_before < ${heldUntil} and queue = ? and (? is null or root = ?)`;
    return this.#database.get<{ at: number | null }>(first, now, queue, root, root)!.at ?? never;
  }
}

const never = Number.POSITIVE_INFINITY;
const due = "(t.not_before is null or t.not_before <= ?) order by t.priority desc, t.age limit ?";
const ofQueue = `${selectTask} where t.status = 'queued' and t.queue = ?`;

const nameOf = (queue: string, root: number | undefined): string => (root === undefined ? queue : `${queue} ${root}`);

/** By priority, then age. Most are the youngest. */
function insert(places: Line["places"], task: TaskRow): void {
  let i = places.length;
  while (i > 0 && isBefore(task, places[i - 1]!.task)) i -= 1;
  places.splice(i, 0, { task, attempt: task.attempt });
}

/** Those that were queued in the open transaction have no number yet. */
function isBefore(one: TaskRow, other: TaskRow): boolean {
  if (one.priority !== other.priority) return one.priority! > other.priority!;
  return one.age !== null && (other.age === null || one.age < other.age);
}
