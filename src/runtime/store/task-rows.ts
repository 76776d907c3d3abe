/**
 * The rows of tasks in memory. Operations find a task here, change it in place and say so; what has changed is written once, at the end of the
 * transaction. As long as no other process has written, what is known here need not be read.
 */
import type { Failure } from "../../model/failure.ts";
import type { Amounts } from "../../model/resources.ts";
import { ended, type Stored, type TaskId, type TaskStatus } from "../../model/task.ts";
import { ConflictError } from "../ports.ts";
import type { Database } from "./database.ts";
import { fromColumns, toColumns } from "./stored.ts";

export type TaskRow = {
  readonly key: number;
  readonly id: TaskId;
  /** The controller that it is of, and its path there; a run that nobody called is its own, a template has none. */
  readonly run: number | null;
  readonly root: number | null;
  readonly path: string | null;
  readonly parent: { readonly key: number; readonly id: TaskId } | null;
  readonly template: boolean;
  readonly createdAt: number;
  name: string;
  configuration: number;
  input: Stored | undefined;
  comment: string | null;
  published: boolean;
  archived: boolean;
  status: TaskStatus;
  queuedAt: number | null;
  queue: string | null;
  priority: number | null;
  /** The number of the event that queued it, when that has one. */
  age: number | null;
  notBefore: number | null;
  /** What it is limited together with: see lanes.ts. */
  lane: string | null;
  resources: Amounts | undefined;
  attempt: number;
  agent: string | null;
  startedAt: number | null;
  endedAt: number | null;
  output: Stored | undefined;
  failure: Failure | undefined;
  reason: string | null;
  progress: number | null;
  /** Was it made here, and nothing has been recorded of it since but how it was queued and claimed? */
  isNew: boolean;
  /** What the database does not know yet: a new row, its latest move, more than that, or also what people say of it and where it waits. */
  unwritten: Unwritten | undefined;
};

type Unwritten = "row" | Change;
type Change = "claim" | "end" | "changes" | "edit";

/** A draft. */
export function newTask(task: NewTask, at: number): TaskRow {
  return {
    key: task.key,
    id: task.id,
    run: task.run ?? null,
    root: task.root ?? null,
    path: task.path ?? null,
    parent: task.parent ?? null,
    name: task.name,
    configuration: task.configuration,
    template: task.template ?? false,
    input: task.input,
    comment: task.comment ?? null,
    published: false,
    archived: false,
    createdAt: at,
    status: "draft",
    queuedAt: null,
    queue: null,
    priority: null,
    age: null,
    notBefore: null,
    lane: null,
    resources: undefined,
    attempt: 0,
    agent: null,
    startedAt: null,
    endedAt: null,
    output: undefined,
    failure: undefined,
    reason: null,
    progress: null,
    isNew: true,
    unwritten: "row",
  };
}

type NewTask = Pick<TaskRow, "key" | "id" | "name" | "configuration"> &
  Partial<Pick<TaskRow, "run" | "root" | "path" | "parent" | "template" | "input" | "comment">>;

/** Queued tasks that are remembered when their transaction is over: there may be very many. */
const keptQueued = 4_096;

export class TaskRows {
  readonly #database: Database;
  readonly #byId = new Map<TaskId, TaskRow>();
  readonly #byKey = new Map<number, TaskRow>();
  #unwritten: TaskRow[] = [];
  #lastKey: number | undefined;

  constructor(database: Database) {
    this.#database = database;
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
    this.#lastKey ??= this.#database.get<{ key: number | null }>("select max(key) as key from tasks")!.key ?? 0;
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
    for (const row of this.#unwritten) {
      this.#writeOne(row);
      row.unwritten = undefined;
    }
  }

  /** After a commit: what has ended is seldom asked for again. False where of very many queued tasks some were let go of too. */
  settle(): boolean {
    let queued = 0;
    for (const row of this.#unwritten)
      if (ended(row.status) || (row.status === "queued" && ++queued > keptQueued)) this.#drop(row);
    this.#unwritten = [];
    return queued <= keptQueued;
  }

  /** Nothing that is in memory is true any more. */
  forget(): void {
    this.#byId.clear();
    this.#byKey.clear();
    this.#unwritten = [];
    this.#lastKey = undefined;
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
    const [output, outputBytes] = toColumns(row.output);
    const failure = row.failure === undefined ? null : JSON.stringify(row.failure);
    this.#database.run(endedNow, row.status, row.endedAt, output, outputBytes, failure, row.reason, row.key);
  }

  #insert(row: TaskRow): void {
    const [input, inputBytes] = toColumns(row.input);
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
      input,
      inputBytes,
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
    const [output, outputBytes] = toColumns(row.output);
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
      output,
      outputBytes,
      row.failure === undefined ? null : JSON.stringify(row.failure),
      row.reason,
      row.progress,
      row.key,
    );
  }

  #edit(row: TaskRow): void {
    const [input, inputBytes] = toColumns(row.input);
    this.#database.run(
      edit,
      row.name,
      row.configuration,
      input,
      inputBytes,
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

/** Every query for whole tasks begins so. */
export const selectTask = "select t.*, p.id as parent_id from tasks t left join tasks p on p.key = t.parent";

export type SelectedTask = {
  key: number;
  id: TaskId;
  run: number | null;
  root: number | null;
  path: string | null;
  parent: number | null;
  parent_id: TaskId | null;
  name: string;
  status: TaskStatus;
  configuration: number;
  template: 0 | 1;
  input: string | null;
  input_bytes: number | null;
  comment: string | null;
  published: 0 | 1;
  archived: 0 | 1;
  created_at: number;
  queued_at: number | null;
  queue: string | null;
  priority: number | null;
  age: number | null;
  not_before: number | null;
  lane: string | null;
  resources: string | null;
  attempt: number;
  agent: string | null;
  started_at: number | null;
  ended_at: number | null;
  output: string | null;
  output_bytes: number | null;
  failure: string | null;
  reason: string | null;
  progress: number | null;
};

export function taskRow(selected: SelectedTask): TaskRow {
  const { key, id, run, root, path, parent, name, status, configuration, queue, priority, age, attempt } = selected;
  const { lane, agent, reason, progress, comment } = selected;
  return {
    key,
    id,
    run,
    root,
    path,
    parent: parent === null ? null : { key: parent, id: selected.parent_id! },
    name,
    configuration,
    template: selected.template === 1,
    input: fromColumns([selected.input, selected.input_bytes]),
    comment,
    published: selected.published === 1,
    archived: selected.archived === 1,
    createdAt: selected.created_at,
    status,
    queuedAt: selected.queued_at,
    queue,
    priority,
    age,
    notBefore: selected.not_before,
    lane,
    resources: selected.resources === null ? undefined : (JSON.parse(selected.resources) as Amounts),
    attempt,
    agent,
    startedAt: selected.started_at,
    endedAt: selected.ended_at,
    output: fromColumns([selected.output, selected.output_bytes]),
    failure: selected.failure === null ? undefined : (JSON.parse(selected.failure) as Failure),
    reason,
    progress,
    isNew: false,
    unwritten: undefined,
  };
}

/** The id of the run that a task belongs to; of a task of its own, its own. */
export const runOf = ({ id, path }: Pick<TaskRow, "id" | "path">): TaskId =>
  path === null ? id : id.slice(0, -path.length - 1);
