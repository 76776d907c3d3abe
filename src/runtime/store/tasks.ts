/** Tasks, as they are read. */
import { abortedName, type Failure } from "../../model/failure.ts";
import { type Attempt, ended, type Task, type TaskId } from "../../model/task.ts";
import type { TaskFilter } from "../ports.ts";
import type { Configurations } from "./configurations.ts";
import type { Database } from "./database.ts";
import { queryOf } from "./query.ts";
import { runOf, type SelectedTask, selectTask, type TaskRow, taskRow } from "./task-row.ts";
import type { TaskRows } from "./task-rows.ts";

export class TaskTable {
  readonly #database: Database;
  readonly #configurations: Configurations;
  readonly #rows: TaskRows;

  constructor(database: Database, configurations: Configurations, rows: TaskRows) {
    this.#database = database;
    this.#configurations = configurations;
    this.#rows = rows;
  }

  get(id: TaskId): Promise<Task | undefined> {
    return this.#database.read(() => {
      // What is in memory is true as long as nobody else has written.
      const known = this.#database.isBehind() ? undefined : this.#rows.known(id);
      const row = known ?? this.#select(id);
      return row && this.of(row);
    });
  }

  list(filter: TaskFilter): Promise<Task[]> {
    const { sql, values } = queryOf(filter);
    return this.#database.read(() =>
      this.#database.all<SelectedTask>(`${selectTask} ${sql}`, ...values).map((selected) => this.of(taskRow(selected))),
    );
  }

  attempts(id: TaskId): Promise<Attempt[]> {
    return this.#database.read(() => {
      const row = this.#select(id);
      if (row === undefined) return [];
      const earlier = this.#database
        .all<AttemptRow>("select * from attempts where task = ? order by number", row.key)
        .map((attempt) => ({
          task: id,
          number: attempt.number,
          agent: attempt.agent,
          outcome: attempt.outcome,
          ...(attempt.failure !== null && { failure: JSON.parse(attempt.failure) as Failure }),
          startedAt: attempt.started_at,
          endedAt: attempt.ended_at,
        }));
      return row.agent === null ? earlier : [...earlier, latestAttempt(row, row.agent)];
    });
  }

  /** The task as others know it. */
  of(row: TaskRow): Task {
    const { options, code } = this.#configurations.get(row.configuration);
    const task: Task = {
      id: row.id,
      name: row.name,
      status: row.status,
      options,
      code,
      template: row.template,
      attempt: row.attempt,
      createdAt: row.createdAt,
    };
    if (options.project !== undefined) task.project = options.project;
    if (row.run !== null) task.run = runOf(row);
    if (row.path !== null) task.path = row.path;
    if (row.parent !== null) task.parent = row.parent.id;
    if (row.input !== undefined) task.input = row.input;
    if (row.status === "completed" && row.output !== undefined) task.output = row.output;
    const failure = failureOf(row);
    if (failure !== undefined) task.failure = failure;
    if (row.progress !== null) task.progress = row.progress;
    if (row.comment !== null) task.comment = row.comment;
    if (row.published) task.published = true;
    if (row.archived) task.archived = true;
    if (row.queuedAt !== null) task.queuedAt = row.queuedAt;
    if (row.startedAt !== null) task.startedAt = row.startedAt;
    if (row.endedAt !== null) task.endedAt = row.endedAt;
    return task;
  }

  #select(id: TaskId): TaskRow | undefined {
    const selected = this.#database.get<SelectedTask>(`${selectTask} where t.id = ?`, id);
    return selected && taskRow(selected);
  }
}

/** An abort leaves its reason, whether or not an attempt was running. */
export function failureOf(row: Pick<TaskRow, "status" | "reason" | "failure">): Failure | undefined {
  if (row.status === "aborted") return { name: abortedName, message: row.reason ?? "" };
  return row.status === "failed" ? row.failure : undefined;
}

/** It stands in the task's own row. */
function latestAttempt(row: TaskRow, agent: string): Attempt {
  const { id: task, attempt: number, status, startedAt, endedAt } = row;
  const failure = failureOf(row);
  return {
    task,
    number,
    agent,
    outcome: ended(status) ? (status as Attempt["outcome"]) : "running",
    ...(failure && { failure }),
    startedAt: startedAt!,
    ...(endedAt !== null && { endedAt }),
  };
}

type AttemptRow = {
  number: number;
  agent: string;
  outcome: Attempt["outcome"];
  failure: string | null;
  started_at: number;
  ended_at: number;
};
