/**
 * The log of events. What an operation says is noted, and written at the end of the transaction: a row for each run, or for nested ones each time that the
 * run changes, so that what a step comes to in one transaction is one row.
 */
import type { Event, EventBody, EventKind } from "../../model/event.ts";
import { isWithin, rootOf, taskId } from "../../model/identity.ts";
import type { TaskId } from "../../model/task.ts";
import type { EventScope } from "../ports.ts";
import { blockOf, sizes } from "./blocks.ts";
import type { Change, Pending } from "./changes.ts";
import { Chapters } from "./chapters.ts";
import type { Database } from "./database.ts";
import { runOf, type TaskRow } from "./task-row.ts";

/** The task's path in the run, empty for the run itself; what the event says of it; the running attempt that it took from an agent. */
type Entry = [path: string, body: EventBody, revoked?: Change["revoked"]];

/** A row is read whole. */
const entriesInRow = 256;
const rowsInPage = 256;
/** Other processes hear of a deletion within milliseconds, unless they are stopped. */
const rememberedMs = 24 * 60 * 60_000;

export class EventLog {
  readonly #database: Database;
  readonly #chapters: Chapters;
  /** What the open transaction says and is not written yet, and what is. */
  #noted: Pending[] = [];
  #written: Pending[] = [];
  /** What those who hear have not been told yet. */
  #untold: Event[] = [];
  #latest: number | undefined;
  /** Queues in which, by the open transaction, something has come to wait. */
  #ready = new Set<string>();
  /** Of the open transaction: its events have one, and it is written once for each row. */
  #at: number | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.#chapters = new Chapters(database);
  }

  /**
   * Inside an operation: notes an event of a task. `revoked`: the running attempt that the change took from its agent, other than by that agent's own
   * report.
   */
  append(task: TaskRow, at: number, body: EventBody, revoked?: Change["revoked"]): void {
    const { key, run, root, path } = task;
    this.#note(
      { task, body, run: run ?? key, root: root ?? key, path: path ?? "", event: eventOf(runOf(task), task, at, body) },
      revoked,
    );
  }

  /** Inside an operation: notes an event of what a run itself does. */
  appendOf(run: TaskRow, at: number, body: EventBody): void {
    const { key, id, root } = run;
    run.isNew = false;
    this.#note({ task: run, body, run: key, root: root ?? key, path: "", event: eventOf(id, run, at, body) });
  }

  get noted(): number {
    return this.#noted.length;
  }

  /** Takes back what a refused operation has noted, after so many. */
  undo(noted: number): void {
    this.#untold.length -= this.#noted.length - noted;
    this.#noted.length = noted;
  }

  /** What was noted since the last time. */
  takeUntold(): readonly Event[] {
    const untold = this.#untold;
    if (untold.length > 0) this.#untold = [];
    return untold;
  }

  get ready(): ReadonlySet<string> {
    return this.#ready;
  }

  /** All that the open transaction says. */
  get open(): readonly Change[] {
    return this.#written.length === 0 ? this.#noted : [...this.#written, ...this.#noted];
  }

  /** Numbers what is noted: that of one root run together, in its order. A task's age in its queue is the number of what queued it. */
  number(): void {
    if (this.#noted.length === 0) return;
    let seq = this.latest();
    const { root } = this.#noted[0]!;
    if (this.#noted.some((pending) => pending.root !== root))
      this.#noted = [...Map.groupBy(this.#noted, (pending) => pending.root).values()].flat();
    for (let i = 0; i < this.#noted.length; i++) {
      const { event, task } = this.#noted[i]!;
      seq += 1;
      event.seq = seq;
      if (event.kind === "queued" || event.kind === "retrying") task.age = seq;
    }
    this.#latest = seq;
  }

  /** Writes what was numbered. The tasks' rows come first. */
  write(): void {
    const noted = this.#noted;
    for (let i = 0; i < noted.length; ) {
      const first = noted[i]!;
      const { run } = first;
      const entries: Entry[] = [];
      for (; i < noted.length && entries.length < entriesInRow && noted[i]!.run === run; i++)
        entries.push(entryOf(noted[i]!));
      this.#insert(noted[i - 1]!.event.seq, first, JSON.stringify(entries));
    }
    this.#written = this.#written.length === 0 ? noted : [...this.#written, ...noted];
    this.#noted = [];
  }

  /** After a commit: what it has written, in order. */
  takeWritten(): Change[] {
    const written = this.#written;
    this.#written = [];
    this.#at = undefined;
    if (this.#ready.size > 0) this.#ready.clear();
    return written;
  }

  /** Nothing that is in memory is true any more. */
  forget(): void {
    this.#noted = [];
    this.#written = [];
    this.#untold = [];
    this.#ready.clear();
    this.#latest = undefined;
    this.#at = undefined;
    this.#chapters.forget();
  }

  /** In order, those after `after`. */
  of(
    run: TaskId,
    scope: EventScope,
    after: number,
    limit = Number.POSITIVE_INFINITY,
    kinds?: readonly EventKind[],
  ): Event[] {
    const around = scope === "calls" ? run : rootOf(run);
    const wanted = kinds && new Set(kinds);
    const isAsked = (event: Event) =>
      event.seq > after && (!wanted || wanted.has(event.kind)) && (around === run || isWithin(event.task, run));
    const events: Event[] = [];
    for (const row of this.#rowsOf(around, scope, after))
      for (const { event } of changesIn(row)) {
        if (events.length >= limit) return events;
        if (isAsked(event)) events.push(event);
      }
    return events;
  }

  /** Chapter by chapter, those that end after `after`. */
  *#rowsOf(run: TaskId, scope: EventScope, after: number): Generator<EventRow> {
    const [listed, among] = scope === "calls" ? [listedCalls, callsAmong] : [listedTree, treeAmong];
    for (const { key, block, rows } of this.#database.all<Chapter>(chapters, run, blockOf(after, sizes.events))) {
      const [first, end] = [block * sizes.events, (block + 1) * sizes.events];
      for (let seq = Math.max(after, first - 1); ; ) {
        const page =
          rows === null
            ? this.#database.all<EventRow>(among, key, seq, end, rowsInPage)
            : this.#database.all<EventRow>(listed, key, seq, rows, rowsInPage);
        yield* page;
        if (page.length < rowsInPage) break;
        seq = page.at(-1)!.seq;
      }
    }
  }

  /** All that lie after `after`, in order. */
  since(after: number): Change[] {
    const database = this.#database;
    const kept = database.all<EventRow>(`${selectEvents} where e.seq > ? order by e.seq`, after).flatMap(changesIn);
    const deleted = database.all<Deletion>("select seq, task, at from deletions where seq > ?", after);
    if (deleted.length === 0) return kept;
    const told = deleted.map(({ task, ...event }) => ({
      event: { ...event, run: task, task, kind: "deleted" } as const,
    }));
    return [...kept, ...told].sort((a, b) => a.event.seq - b.event.seq);
  }

  /** The number of the latest event; 0 where there is none. */
  latest(): number {
    this.#latest ??= this.#database.get<{ seq: number }>(`select ${latest} as seq`)!.seq;
    return this.#latest;
  }

  /** Inside an operation that has written what was noted: takes away what is told of runs, whose keys the query gives. No number is used again. */
  remove(runs: string, ...values: TaskId[]): void {
    this.#database.run(`insert into removed_events select ${latest}`);
    this.#database.run("delete from removed_events where latest < (select max(latest) from removed_events)");
    const told = `select e.seq from chapters c cross join events e on e.seq >= c.block * ${sizes.events} and e.seq < (c.block + 1) * ${sizes.events}
      where c.run in (${runs}) and (e.run = c.run or e.root = c.run)`;
    this.#database.run(`delete from events where seq in (${told})`, ...values);
    this.#database.run(`delete from chapters where run in (${runs})`, ...values);
    this.#chapters.forget();
  }

  /** Inside an operation: of a task that is gone now, as was the last to be said, for those who follow it elsewhere. */
  rememberDeleted(task: TaskId, at: number): void {
    this.#database.run("delete from deletions where at < ?", at - rememberedMs);
    this.#database.run("insert into deletions (seq, task, at) values (?, ?, ?)", this.latest(), task, at);
  }

  #note(pending: Pending, revoked?: Change["revoked"]): void {
    if (revoked !== undefined) pending.revoked = revoked;
    const { body, task } = pending;
    if (body.kind === "queued" || body.kind === "placed") this.#ready.add(body.queue);
    else if (body.kind === "retrying") this.#ready.add(task.queue!);
    this.#at ??= pending.event.at;
    pending.event.at = this.#at;
    this.#noted.push(pending);
    this.#untold.push(pending.event);
  }

  #insert(seq: number, { run, root, event }: Pending, entries: string): void {
    this.#database.run(
      "insert into events (seq, run, root, at, entries) values (?, ?, ?, ?, ?)",
      seq,
      run,
      root === run ? null : root,
      event.at,
      entries,
    );
    this.#chapters.enter(run, seq);
    if (root !== run) this.#chapters.enter(root, seq);
  }
}

const eventOf = (run: TaskId, { id: task }: TaskRow, at: number, body: EventBody): Event => ({
  seq: 0,
  run,
  task,
  at,
  ...body,
});

function entryOf({ path, body, revoked }: Pending): Entry {
  const told = body.kind === "scalar" ? ({ ...body, value: writable(body.value) } as EventBody) : body;
  return revoked === undefined ? [path, told] : [path, told, revoked];
}

/** JSON knows neither NaN nor the infinities: they travel as text. */
const writable = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

function changesIn({ seq, run, at, entries }: EventRow): Change[] {
  const list = JSON.parse(entries) as Entry[];
  return list.map(([path, body, revoked], i) => {
    if (body.kind === "scalar") body = { ...body, value: Number(body.value) };
    const event: Event = {
      seq: seq - list.length + 1 + i,
      run,
      task: path === "" ? run : taskId(run, path),
      at,
      ...body,
    };
    return revoked === undefined ? { event } : { event, revoked };
  });
}

const latest = "max(coalesce((select max(seq) from events), 0), coalesce((select max(latest) from removed_events), 0))";

type Deletion = { seq: number; task: TaskId; at: number };
type EventRow = { seq: number; run: string; at: number; entries: string };

const columns = "e.seq, r.id as run, e.at, e.entries";
const selectEvents = `select ${columns} from events e join tasks r on r.key = e.run`;

type Chapter = { key: number; block: number; rows: string | null };

const chapters = `select t.key, c.block, c.rows from tasks t join chapters c on c.run = t.key and c.block >= ?2 where t.id = ?1 order by c.block`;

/** By their numbers, and of all that lie in the block. */
const amongListed = (which: string): string =>
  `select ${columns} from json_each(?3) j cross join events e on e.seq = j.value cross join tasks r on r.key = e.run
   where j.value > ?2 and (${which}) limit ?4`;
const amongAll = (which: string): string =>
  `${selectEvents} where e.seq > ?2 and e.seq < ?3 and (${which}) order by e.seq limit ?4`;
const [ofCalls, ofTree] = ["e.run = ?1", "(e.run = ?1 or e.root = ?1)"];
const [listedCalls, listedTree] = [amongListed(ofCalls), amongListed(ofTree)];
const [callsAmong, treeAmong] = [amongAll(ofCalls), amongAll(ofTree)];
