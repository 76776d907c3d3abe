/**
 * The feed: who follows or watches hears of each commit, of whichever process, in order and once; who hears, already before it. Commits of this process come
 * straight from memory; those of others are noticed by `pragma data_version` (2 µs), and read.
 */
import type { Event, EventKind } from "../../model/event.ts";
import type { TaskId } from "../../model/task.ts";
import type { EventScope, Events, Hearer, Watcher } from "../ports.ts";
import type { Change } from "./changes.ts";
import { type Follower, Followers } from "./followers.ts";
import type { Mark, Participant } from "./group-commit.ts";
import { Hearers } from "./hearers.ts";
import type { Tables } from "./tables.ts";

const pollMs = 5;
/** Old events are read in pages, so that a long history never holds the event loop. */
const pageSize = 1_000;

export class Feed implements Events, Participant {
  readonly #tables: Tables;
  readonly #followers = new Followers();
  readonly #hearers = new Hearers();
  readonly #watchers = new Set<{ agent: string; watcher: Watcher }>();
  readonly #readers = new Set<(events: readonly Event[]) => void>();
  /** How many follow, hear or watch; while none does, nobody polls. */
  #listening = 0;
  /** Every event up to this one has been given out. */
  #seen = 0;
  /** What others have committed, to be given out with the open transaction. */
  #foreign: Change[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(tables: Tables) {
    this.#tables = tables;
    tables.database.participant = this;
  }

  get isListening(): boolean {
    return this.#listening > 0;
  }

  read(
    run: TaskId,
    after: number,
    limit?: number,
    scope: EventScope = "tree",
    kinds?: readonly EventKind[],
  ): Promise<Event[]> {
    const { database, events } = this.#tables;
    return database.read(() => events.of(run, scope, after, limit, kinds));
  }

  latest(): Promise<number> {
    const { database, events } = this.#tables;
    return database.read(() => {
      if (database.isBehind()) events.forget();
      return events.latest();
    });
  }

  follow(
    run: TaskId,
    after: number,
    listener: (events: readonly Event[]) => void,
    scope: EventScope = "tree",
  ): () => void {
    const { database, events } = this.#tables;
    const follower: Follower = { run, scope, after, listener };
    let stopped = false;
    const stopListening = this.#listen();
    const catchUp = () => {
      if (stopped || this.#closed) return;
      const page = events.of(run, scope, follower.after, pageSize);
      give(follower, page);
      if (page.length === pageSize) setImmediate(() => database.outside(catchUp));
      // In the same turn as the read: no commit is given out in between.
      else if (!stopped) this.#followers.add(follower);
    };
    // What comes after all that was given out is given out as it comes.
    if (after >= this.#seen) this.#followers.add(follower);
    else setImmediate(() => database.outside(catchUp));
    return () => {
      if (stopped) return;
      stopped = true;
      this.#followers.remove(follower);
      stopListening();
    };
  }

  news(kinds: readonly EventKind[], listener: (events: readonly Event[]) => void): () => void {
    const wanted = new Set(kinds);
    const reader = (events: readonly Event[]) => {
      const asked = events.filter(({ kind }) => wanted.has(kind));
      if (asked.length > 0) listener(asked);
    };
    this.#readers.add(reader);
    const stopListening = this.#listen();
    return () => {
      if (this.#readers.delete(reader)) stopListening();
    };
  }

  hear(run: TaskId, after: number, hearer: Hearer): () => void {
    const { events, rows } = this.#tables;
    const stopListening = this.#listen();
    const missed = rows.get(run)?.isNew ? [] : events.of(run, "calls", after);
    // What the open transaction says is not to be read yet; what of it was not told to anybody will be.
    this.done();
    const open = events.open.map(({ event }) => event).filter((event) => event.run === run);
    this.#hearers.tellOne(hearer, [...missed, ...open]);
    const stopHearing = this.#hearers.add(run, hearer);
    return () => {
      stopHearing();
      stopListening();
    };
  }

  watch(agent: string, watcher: Watcher): () => void {
    const watching = { agent, watcher };
    this.#watchers.add(watching);
    const stopListening = this.#listen();
    return () => {
      if (this.#watchers.delete(watching)) stopListening();
    };
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#followers.clear();
    this.#hearers.clear();
    this.#watchers.clear();
    this.#readers.clear();
  }

  begun(): void {
    const { database } = this.#tables;
    if (database.isBehind()) this.#catchUp();
  }

  done(): void {
    const untold = this.#tables.events.takeUntold();
    if (untold.length > 0) this.#hearers.tell(untold);
  }

  closing(): void {
    this.#wake(this.#tables.events.ready);
  }

  write(): void {
    this.#tables.write();
  }

  mark(): Mark {
    return { events: this.#tables.events.noted, tasks: this.#tables.rows.noted };
  }

  undo({ events }: Mark): void {
    this.#tables.events.undo(events);
  }

  committed(): void {
    const { rows, waiting, events } = this.#tables;
    // A place in a line is of the one row that is known.
    if (!rows.settle()) waiting.forget();
    this.#hearers.committed();
    const foreign = this.#foreign;
    this.#foreign = [];
    const changes = events.takeWritten();
    if (this.#listening > 0) this.#give(foreign.length === 0 ? changes : [...foreign, ...changes]);
    this.#wake(this.#queuesIn(foreign));
  }

  failed(error: unknown): void {
    this.#tables.forget();
    this.#foreign = [];
    this.#hearers.failed(error);
  }

  #listen(): () => void {
    this.#listening += 1;
    if (this.#listening === 1) {
      this.#seen = this.#tables.events.latest();
      this.#timer = setInterval(() => this.#tables.database.outside(() => this.#poll()), pollMs).unref();
    }
    return () => {
      this.#listening -= 1;
      if (this.#listening === 0) clearInterval(this.#timer);
    };
  }

  #poll(): void {
    if (this.#closed || !this.#tables.database.isBehind()) return;
    this.#catchUp();
    const foreign = this.#foreign;
    this.#foreign = [];
    this.#hearers.committed();
    this.#give(foreign);
    this.#wake(this.#queuesIn(foreign));
  }

  /** Reads what other processes have written. */
  #catchUp(): void {
    const { database, events, forget } = this.#tables;
    database.catchUp();
    forget();
    if (this.#listening === 0) return;
    this.#foreign = events.since(this.#seen);
    this.#hearers.tell(this.#foreign.map(({ event }) => event));
  }

  /** Where there may be something new to claim. */
  #wake(queues: ReadonlySet<string>): void {
    if (queues.size > 0) for (const { watcher } of this.#watchers) safely(() => watcher.ready(queues));
  }

  #queuesIn(changes: readonly Change[]): ReadonlySet<string> {
    if (changes.length === 0) return none;
    const queues = new Set<string>();
    for (const { event } of changes)
      if (event.kind === "queued" || event.kind === "placed") queues.add(event.queue);
      else if (event.kind === "retrying") queues.add(this.#tables.rows.get(event.task)?.queue ?? "");
    return queues;
  }

  #give(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#seen = changes.at(-1)!.event.seq;
    const events = changes.map(({ event }) => event);
    this.#followers.tell(events, give);
    for (const reader of this.#readers) safely(() => reader(events));
    for (let i = 0; i < changes.length; i++) this.#revoke(changes[i]!);
  }

  #revoke({ event, revoked }: Change): void {
    if (revoked === undefined) return;
    for (const { agent, watcher } of this.#watchers)
      if (revoked.agent === agent) safely(() => watcher.revoked(event.task, revoked.attempt));
  }
}

const none: ReadonlySet<string> = new Set();

function give(follower: Follower, events: readonly Event[]): void {
  const isNew = (event: Event) => event.seq > follower.after;
  const fresh = events.length > 0 && isNew(events[0]!) ? events : events.filter(isNew);
  if (fresh.length === 0) return;
  follower.after = fresh.at(-1)!.seq;
  safely(() => follower.listener(fresh));
}

/** A listener that throws is a bug: it is loud, but neither the other listeners nor the commit suffer from it. */
function safely(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
