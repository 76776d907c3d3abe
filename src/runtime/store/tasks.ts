/** Tasks, as they are read: one select for every place that needs a whole one. */
import { abortedName, type Failure } from "../../model/failure.ts";
import type { Attempt, AttemptOutcome, Task, TaskId, TaskStatus } from "../../model/task.ts";
import { ConflictError, type TaskFilter } from "../ports.ts";
import type { Configurations } from "./configurations.ts";
import type { Database } from "./database.ts";
import { queryOf } from "./query.ts";
import { fromColumns } from "./stored.ts";

/** What an operation needs of a task to write about it. The run of a task of its own is the task itself. */
export type TaskRef = { key: number; id: TaskId; run: { key: number; id: TaskId } };

export class TaskTable {
  readonly #database: Database;
  readonly #configurations: Configurations;

  constructor(database: Database, configurations: Configurations) {
    this.#database = database;
    this.#configurations = configurations;
  }

  get(id: TaskId): Promise<Task | undefined> {
    return this.#database.read(() => {
      const row = this.#database.get<TaskRow>(`${selectTask} where t.id = ?`, id);
      return row && this.#task(row);
    });
  }

  list(filter: TaskFilter): Promise<Task[]> {
    const { sql, values } = queryOf(filter);
    return this.#database.read(() =>
      this.#database.all<TaskRow>(`${selectTask} ${sql}`, ...values).map((row) => this.#task(row)),
    );
  }

  attempts(id: TaskId): Promise<Attempt[]> {
    return this.#database.read(() =>
      this.#database
        .all<AttemptRow>(
          "select number, agent, outcome, failure, started_at, ended_at from attempts where task = (select key from tasks where id = ?) order by number",
          id,
        )
        .map((row) => ({
          task: id,
          number: row.number,
          agent: row.agent,
          outcome: row.outcome,
          ...(row.failure !== null && { failure: JSON.parse(row.failure) as Failure }),
          startedAt: row.started_at,
          ...(row.ended_at !== null && { endedAt: row.ended_at }),
        })),
    );
  }

  /** Inside an operation. Throws a ConflictError where there is none. */
  ref(id: TaskId): TaskRef {
    const row = this.#database.get<{ key: number; run_key: number | null; run: string | null }>(
      "select t.key, r.key as run_key, r.id as run from tasks t left join tasks r on r.key = t.run where t.id = ?",
      id,
    );
    if (row === undefined) throw new ConflictError(`there is no task "${id}"`);
    return { key: row.key, id, run: { key: row.run_key ?? row.key, id: row.run ?? id } };
  }

  /** Inside an operation: the controller of a run, also of one that another run called; undefined where there is no such run. */
  run(id: TaskId): { key: number; status: TaskStatus; attempt: number } | undefined {
    const row = this.#database.get<{ key: number; status: TaskStatus; attempt: number; configuration: number }>(
      "select key, status, attempt, configuration from tasks where id = ? and template = 0",
      id,
    );
    return row && this.#configurations.get(row.configuration).code.kind === "controller" ? row : undefined;
  }

  /** Inside an operation: what decides whether the task may be changed. Throws a ConflictError where there is none. */
  state(id: TaskId): TaskRef & TaskState {
    const ref = this.ref(id);
    const row = this.#database.get<StateRow>(
      "select status, attempt, configuration, template, path is not null as step, published from tasks where key = ?",
      ref.key,
    )!;
    const [template, step, published] = [row.template, row.step, row.published].map((flag) => flag === 1) as [
      boolean,
      boolean,
      boolean,
    ];
    return { ...ref, ...row, template, step, published };
  }

  /** Inside an operation. */
  at(key: number): Task {
    return this.#task(this.#database.get<TaskRow>(`${selectTask} where t.key = ?`, key)!);
  }

  #task(row: TaskRow): Task {
    const { options, code } = this.#configurations.get(row.configuration);
    const input = fromColumns([row.input, row.input_bytes]);
    const output = fromColumns([row.output, row.output_bytes]);
    const failure = failureIn(row);
    return {
      id: row.id,
      name: row.name,
      ...(options.project !== undefined && { project: options.project }),
      ...(row.run !== null && { run: row.run }),
      ...(row.path !== null && { path: row.path }),
      ...(row.parent !== null && { parent: row.parent }),
      status: row.status,
      options,
      code,
      template: row.template === 1,
      ...(input && { input }),
      ...(row.status === "completed" && output && { output }),
      ...(failure && { failure }),
      attempt: row.attempt,
      ...(row.progress !== null && { progress: row.progress }),
      ...(row.comment !== null && { comment: row.comment }),
      ...(row.published === 1 && { published: true }),
      ...(row.archived === 1 && { archived: true }),
      createdAt: row.created_at,
      ...(row.queued_at !== null && { queuedAt: row.queued_at }),
      ...(row.started_at !== null && { startedAt: row.started_at }),
      ...(row.ended_at !== null && { endedAt: row.ended_at }),
    };
  }
}

/** An abort leaves its reason, whether or not an attempt was running. */
function failureIn(row: TaskRow): Failure | undefined {
  if (row.status === "aborted") return abortion(row.reason ?? "");
  return row.status === "failed" && row.failure !== null ? (JSON.parse(row.failure) as Failure) : undefined;
}

export const abortion = (reason: string): Failure => ({ name: abortedName, message: reason });

type TaskRow = {
  key: number;
  id: string;
  run: string | null;
  path: string | null;
  parent: string | null;
  name: string;
  status: TaskStatus;
  configuration: number;
  template: 0 | 1;
  input: string | null;
  input_bytes: number | null;
  output: string | null;
  output_bytes: number | null;
  failure: string | null;
  reason: string | null;
  attempt: number;
  progress: number | null;
  comment: string | null;
  published: 0 | 1;
  archived: 0 | 1;
  created_at: number;
  queued_at: number | null;
  started_at: number | null;
  ended_at: number | null;
};

/** `configuration`: its key. `template`: a pipeline was registered with it. `step`: a run made it. */
export type TaskState = {
  status: TaskStatus;
  attempt: number;
  configuration: number;
  template: boolean;
  step: boolean;
  published: boolean;
};

type StateRow = Omit<TaskState, "template" | "step" | "published"> & Record<"template" | "step" | "published", 0 | 1>;

type AttemptRow = {
  number: number;
  agent: string;
  outcome: AttemptOutcome;
  failure: string | null;
  started_at: number;
  ended_at: number | null;
};

const selectTask = `
  select t.key, t.id, r.id as run, t.path, p.id as parent, t.name, t.status, t.configuration, t.template, t.input, t.input_bytes,
    a.output, a.output_bytes, a.failure, t.reason, t.attempt, t.progress, t.comment, t.published, t.archived, t.created_at, t.queued_at, t.started_at, t.ended_at
  from tasks t
    left join tasks r on r.key = t.run
    left join tasks p on p.key = t.parent
    left join attempts a on a.task = t.key and a.number = t.attempt`;
