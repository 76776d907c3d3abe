/**
 * The tasks that wait in queues, as far as they are known in memory: in order, and whether more lie in the database. While no other process writes, a claim
 * need not look there.
 */
import type { Database } from "./database.ts";
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

  /** Inside an operation: the next due task of a queue, which must be claimed then. With `root`, only of what runs for that run. */
  next(queue: string, root: number | undefined, now: number): TaskRow | undefined {
    for (;;) {
      const line = this.#line(queue, root, now);
      for (let place = line.places.shift(); place !== undefined; place = line.places.shift())
        if (place.task.status === "queued" && place.task.attempt === place.attempt) return place.task;
      if (line.complete) return undefined;
      this.#lines.delete(nameOf(queue, root));
    }
  }

  /** When a task becomes due that is not yet; undefined where there is none. `root`: where only what runs for that run counts. */
  nextDueAt(queues: readonly string[], root: number | undefined, now: number): number | undefined {
    const untils = queues.map((queue) => this.#lines.get(nameOf(queue, root))?.until ?? this.#until(queue, root, now));
    const until = Math.min(...untils);
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

  #read(queue: string, root: number | undefined, now: number): Line {
    this.#write();
    const due = "(t.not_before is null or t.not_before <= ?) order by t.priority desc, t.age limit ?";
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
      where status = 'queued' and not_before is not null and not_before > ? and queue = ? and (? is null or root = ?)`;
    return this.#database.get<{ at: number | null }>(first, now, queue, root, root)!.at ?? never;
  }
}

const never = Number.POSITIVE_INFINITY;
const ofQueue = `${selectTask} where t.status = 'queued' and t.queue = ?`;

const nameOf = (queue: string, root: number | undefined): string => (root === undefined ? queue : `${queue} ${root}`);

/** After those of the same priority: it is the youngest. */
function insert(places: Line["places"], task: TaskRow): void {
  let i = places.length;
  while (i > 0 && places[i - 1]!.task.priority! < task.priority!) i -= 1;
  places.splice(i, 0, { task, attempt: task.attempt });
}
