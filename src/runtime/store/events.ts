/** The log of events: what the task or the attempt says is not written twice. */
import type { Event, EventBody, EventKind } from "../../model/event.ts";
import type { Failure } from "../../model/failure.ts";
import { rootOf } from "../../model/identity.ts";
import type { AttemptOutcome, TaskId } from "../../model/task.ts";
import type { EventScope } from "../ports.ts";
import type { Change } from "./changes.ts";
import type { Database } from "./database.ts";
import { fromColumns } from "./stored.ts";
import type { TaskRef } from "./tasks.ts";

export class EventLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Inside an operation: appends an event, gives its number. `revoked`: the running attempt that the change took from its agent, other than by
   * that agent's own report.
   */
  append(task: TaskRef, at: number, body: EventBody, revoked?: Change["revoked"]): number {
    const root = rootOf(task.run.id);
    const attempt = "attempt" in body ? body.attempt : revoked?.attempt;
    const { key: seq } = this.#database.run(
      "insert into events (run, root, task, at, kind, attempt, data) values (?, (select key from tasks where id = ?), ?, ?, ?, ?, ?)",
      task.run.key,
      root === task.run.id ? undefined : root,
      task.key,
      at,
      body.kind,
      attempt,
      dataOf(body),
    );
    this.#database.record({
      event: { seq, run: task.run.id, task: task.id, at, ...body },
      ...(revoked && { revoked }),
    });
    return seq;
  }

  /** In order, those after `after`. */
  of(run: TaskId, scope: EventScope, after: number, limit = -1, kinds?: readonly EventKind[]): Event[] {
    const root = rootOf(run);
    const only = kinds && JSON.stringify(kinds);
    const rows =
      scope === "calls"
        ? this.#database.all<EventRow>(calls, run, after, limit, only)
        : run === root
          ? this.#database.all<EventRow>(tree, run, after, limit, only)
          : this.#database.all<EventRow>(subtree, root, after, limit, only, run);
    return rows.map((row) => changeOf(row).event);
  }

  /** All that lie after `after` and before `before`, in order. */
  between(after: number, before: number): Change[] {
    return this.#database
      .all<EventRow>(`${selectEvent} where e.seq > ? and e.seq < ? order by e.seq`, after, before)
      .map(changeOf);
  }

  /** The number of the latest event; 0 where there is none. */
  latest(): number {
    return this.#database.get<{ seq: number | null }>("select max(seq) as seq from events")!.seq ?? 0;
  }
}

/** JSON knows neither NaN nor the infinities: they travel as text. */
function dataOf(body: EventBody): string | undefined {
  switch (body.kind) {
    case "queued":
      return JSON.stringify({ queue: body.queue, notBefore: body.notBefore });
    case "placed":
      return JSON.stringify({ queue: body.queue });
    case "unserved":
      return JSON.stringify({ queue: body.queue, resources: body.resources });
    case "archived":
      return JSON.stringify({ archived: body.archived });
    case "retrying":
      return body.notBefore === undefined ? undefined : JSON.stringify({ notBefore: body.notBefore });
    case "aborted":
      return JSON.stringify({ reason: body.reason });
    case "progress":
      return JSON.stringify({ progress: body.progress });
    case "scalar": {
      const { title, series, value, iteration } = body;
      return JSON.stringify({ title, series, value: Number.isFinite(value) ? value : String(value), iteration });
    }
    case "artifact":
      return JSON.stringify({ name: body.name });
    case "cache":
    case "waiting":
    case "timer":
    case "signal":
    case "decision": {
      const { kind: _, ...data } = body;
      return JSON.stringify(data);
    }
    default:
      return undefined;
  }
}

function changeOf(row: EventRow): Change {
  const event = { seq: row.seq, run: row.run, task: row.task, at: row.at, ...bodyOf(row) } as Event;
  const taken =
    (row.kind === "aborted" && row.outcome === "aborted") ||
    ((row.kind === "retrying" || row.kind === "failed") && row.outcome === "lost");
  return { event, ...(taken && { revoked: { agent: row.agent!, attempt: row.attempt! } }) };
}

function bodyOf(row: EventRow): EventBody {
  const { kind } = row;
  const attempt = row.attempt!;
  const data = row.data === null ? {} : JSON.parse(row.data);
  switch (kind) {
    case "created":
      return { kind, name: row.name, ...(row.parent !== null && { parent: row.parent }) };
    case "running":
      return { kind, attempt, agent: row.agent! };
    case "retrying":
      return { kind, attempt, failure: JSON.parse(row.failure!) as Failure, ...data };
    case "completed": {
      const output = fromColumns([row.output, row.output_bytes]);
      return { kind, attempt, ...(output && { output }) };
    }
    case "failed":
      return { kind, attempt, failure: JSON.parse(row.failure!) as Failure };
    case "scalar":
      return { kind, ...data, value: Number(data.value) };
    default:
      return { kind, ...data };
  }
}

type EventRow = {
  seq: number;
  run: string;
  task: string;
  at: number;
  kind: EventKind;
  attempt: number | null;
  data: string | null;
  name: string;
  parent: string | null;
  agent: string | null;
  outcome: AttemptOutcome | null;
  failure: string | null;
  output: string | null;
  output_bytes: number | null;
};

const selectEvent = `
  select e.seq, r.id as run, t.id as task, e.at, e.kind, e.attempt, e.data, t.name, p.id as parent,
    a.agent, a.outcome, a.failure, a.output, a.output_bytes
  from events e
    join tasks r on r.key = e.run
    join tasks t on t.key = e.task
    left join tasks p on p.key = t.parent
    left join attempts a on a.task = e.task and a.number = e.attempt`;

const after = "and e.seq > ?2 and (?4 is null or e.kind in (select value from json_each(?4)))";
const ofRun = `${selectEvent} where e.run = (select key from tasks where id = ?1) ${after}`;
const ofCalled = `${selectEvent} where e.root = (select key from tasks where id = ?1) ${after}`;
const within = "and (t.id = ?5 or t.id > ?5 || '/' and t.id < ?5 || '0')";

const calls = `${ofRun} order by seq limit ?3`;
/** Both sides come in order from their index, and are merged. */
const tree = `${ofRun} union all ${ofCalled} order by seq limit ?3`;
const subtree = `${ofRun} ${within} union all ${ofCalled} ${within} order by seq limit ?3`;
