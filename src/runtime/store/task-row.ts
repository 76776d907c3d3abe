/** The row of a task: as operations see it, and as a query gives it. */
import type { Failure } from "../../model/failure.ts";
import type { Amounts } from "../../model/resources.ts";
import type { Stored, TaskId, TaskStatus } from "../../model/task.ts";
import { fromColumns } from "./stored.ts";

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
  /** Of a run that was made here: the paths of its tasks. Undefined where they may not be all. */
  calls: Set<string> | undefined;
  /** Was it made here, and nothing has been recorded of it since but how it was queued and claimed? */
  isNew: boolean;
  /** Is it among those that are counted as running? See running.ts. */
  isCounted: boolean;
  /** What the database does not know yet: a new row, its latest move, more than that, or also what people say of it and where it waits. */
  unwritten: Unwritten | undefined;
};

type Unwritten = "row" | Change;
export type Change = "claim" | "end" | "changes" | "edit";

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
    calls: undefined,
    isNew: true,
    isCounted: false,
    unwritten: "row",
  };
}

type NewTask = Pick<TaskRow, "key" | "id" | "name" | "configuration"> &
  Partial<Pick<TaskRow, "run" | "root" | "path" | "parent" | "template" | "input" | "comment">>;

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
    calls: undefined,
    isNew: false,
    isCounted: false,
    unwritten: undefined,
  };
}

/** The id of the run that a task belongs to; of a task of its own, its own. */
export const runOf = ({ id, path }: Pick<TaskRow, "id" | "path">): TaskId =>
  path === null ? id : id.slice(0, -path.length - 1);
