/**
 * The rows of tasks in memory. Operations find a task here, change it in place and say so; what has changed is written once, at the end of the
 * transaction. As long as no other process has written, what is known here need not be read.
 */
import { ended, type TaskId } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import type { Database } from "./database.ts";
import { RunningBlocks } from "./running.ts";
import { bytesOf, contentOf } from "./stored.ts";
import { type Change, type SelectedTask, selectTask, type TaskRow, taskRow } from "./task-row.ts";

/** Queued tasks that are remembered when their transaction is over: there may be very many. */
const keptQueued = 4_096;

export class TaskRows {
  readonly running: RunningBlocks;
  readonly #database: Database;
  readonly #byId = new Map<TaskId, TaskRow>();
  readonly #byKey = new Map<number, TaskRow>();
  #unwritten: TaskRow[] = [];
  #lastKey: number | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.running = new RunningBlocks(database);
  }

  /** Of those in memory. */
  known(id: TaskId): TaskRow | undefined {
    return this.#byId.get(id);
  }

  get(id: TaskId): TaskRow | undefined {
    return this.#byId.get(id) ?? this.#read("t.id = ?", id);
  }

  /** Throws a ConflictError where there is none. */
  ofId(id: TaskId): TaskRow {
    const row = this.get(id);
    if (row === undefined) throw new ConflictError(`there is no task "${id}"`);
    return row;
  }

  at(key: number): TaskRow {
    return this.#byKey.get(key) ?? this.#read("t.key = ?", key)!;
  }

  /** Of what a query has selected with `selectTask`: the row in memory, where there is one. */
  of(selected: SelectedTask): TaskRow {
    return this.#byKey.get(selected.key) ?? this.#keep(taskRow(selected));
  }

  nextKey(): number {
    if (this.#lastKey === undefined) {
      this.#lastKey = this.#database.get<{ key: number | null }>("select max(key) as key from tasks")!.key ?? 0;
      this.running.from(this.#lastKey);
    }
    this.#lastKey += 1;
    return this.#lastKey;
  }

  /** How many changes were noted in this transaction. */
  get noted(): number {
    return this.#unwritten.length;
  }

  add(row: TaskRow): void {
    this.#keep(row);
    this.#unwritten.push(row);
  }

  /** Most changes are a claim or an end, which need fewer columns. */
  changed(row: TaskRow, by: Change = "changes"): void {
    if (row.unwritten === undefined) {
      this.#unwritten.push(row);
      row.unwritten = by;
    } else if (row.unwritten !== "row" && row.unwritten !== by)
      row.unwritten = by === "edit" || row.unwritten === "edit" ? "edit" : "changes";
  }

  /** Writes what has changed. */
  write(): void {
    for (let i = 0; i < this.#unwritten.length; i++) {
      const row = this.#unwritten[i]!;
      this.#writeOne(row);
      this.running.written(row, this.#lastKey ?? 0);
      row.unwritten = undefined;
    }
  }

  /** After a commit: what has ended is seldom asked for again. False where of very many queued tasks some were let go of too. */
  settle(): boolean {
    let queued = 0;
    for (let i = 0; i < this.#unwritten.length; i++) {
      const row = this.#unwritten[i]!;
      if (ended(row.status) || (row.status === "queued" && ++queued > keptQueued)) this.#drop(row);
    }
    this.#unwritten = [];
    return queued <= keptQueued;
  }

  /** Nothing that is in memory is true any more. */
  forget(): void {
    this.#byId.clear();
    this.#byKey.clear();
    this.#unwritten = [];
    this.#lastKey = undefined;
    this.running.forget();
  }

  #read(condition: string, value: string | number): TaskRow | undefined {
    const selected = this.#database.get<SelectedTask>(`${selectTask} where ${condition}`, value);
    return selected && this.#keep(taskRow(selected));
  }

  #keep(row: TaskRow): TaskRow {
    this.#byId.set(row.id, row);
    this.#byKey.set(row.key, row);
    return row;
  }

  #drop(row: TaskRow): void {
    this.#byId.delete(row.id);
    this.#byKey.delete(row.key);
  }

  #writeOne(row: TaskRow): void {
    switch (row.unwritten) {
      case "row":
        return this.#insert(row);
      case "claim":
        return void this.#database.run(claimed, row.status, row.attempt, row.agent, row.startedAt, row.key);
      case "end":
        return this.#end(row);
      case "changes":
        return this.#update(row);
      case "edit":
        this.#update(row);
        return this.#edit(row);
    }
  }

  #end(row: TaskRow): void {
    const { output } = row;
    const failure = row.failure === undefined ? null : JSON.stringify(row.failure);
    this.#database.run(
      endedNow,
      row.status,
      row.endedAt,
      contentOf(output),
      bytesOf(output),
      failure,
      row.reason,
      row.key,
    );
  }

  #insert(row: TaskRow): void {
    const { input } = row;
    this.#database.run(
      insert,
      row.key,
      row.id,
      row.run,
      row.root,
      row.path,
      row.parent === null ? null : row.parent.key,
      row.name,
      row.status,
      row.configuration,
      row.template ? 1 : 0,
      contentOf(input),
      bytesOf(input),
      row.createdAt,
      row.queuedAt,
      row.queue,
      row.priority,
      row.age,
      row.notBefore,
      row.attempt,
      row.agent,
      row.startedAt,
    );
    // Seldom: it has been called and has ended in one transaction.
    if (ended(row.status)) this.#update(row);
    if (row.lane !== null || row.resources !== undefined || row.comment !== null) this.#edit(row);
  }

  #update(row: TaskRow): void {
    const { output } = row;
    this.#database.run(
      update,
      row.status,
      row.queuedAt,
      row.age,
      row.notBefore,
      row.attempt,
      row.agent,
      row.startedAt,
      row.endedAt,
      contentOf(output),
      bytesOf(output),
      row.failure === undefined ? null : JSON.stringify(row.failure),
      row.reason,
      row.progress,
      row.key,
    );
  }

  #edit(row: TaskRow): void {
    const { input } = row;
    this.#database.run(
      edit,
      row.name,
      row.configuration,
      contentOf(input),
      bytesOf(input),
      row.comment,
      row.published ? 1 : 0,
      row.archived ? 1 : 0,
      row.queue,
      row.priority,
      row.lane,
      row.resources && JSON.stringify(row.resources),
      row.key,
    );
  }
}

const insert = `insert into tasks (key, id, run, root, path, parent, name, status, configuration, template, input, input_bytes, created_at, queued_at,
  queue, priority, age, not_before, attempt, agent, started_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const claimed = "update tasks set status = ?, attempt = ?, agent = ?, started_at = ? where key = ?";
const endedNow =
  "update tasks set status = ?, ended_at = ?, output = ?, output_bytes = ?, failure = ?, reason = ? where key = ?";
const update = `update tasks set status = ?, queued_at = ?, age = ?, not_before = ?, attempt = ?, agent = ?, started_at = ?, ended_at = ?,
  output = ?, output_bytes = ?, failure = ?, reason = ?, progress = ? where key = ?`;
const edit = `update tasks set name = ?, configuration = ?, input = ?, input_bytes = ?, comment = ?, published = ?, archived = ?, queue = ?, priority = ?,
  lane = ?, resources = ? where key = ?`;
