/**
 * The feed: who follows or watches hears of each commit, of whichever process, in order and once. Commits of this process come straight from memory;
 * those of others are noticed by `pragma data_version` (2 µs), and read.
 */
import type { Event, EventKind } from "../../model/event.ts";
import type { TaskId } from "../../model/task.ts";
import type { EventScope, Events } from "../ports.ts";
import type { Change } from "./changes.ts";
import type { Database } from "./database.ts";
import type { EventLog } from "./events.ts";
import { type Follower, Followers } from "./followers.ts";

const pollMs = 5;
/** Old events are read in pages, so that a long history never holds the event loop. */
const pageSize = 1_000;

type Watcher = { agent: string; ready(): void; revoked(task: TaskId, attempt: number): void };

export class Feed implements Events {
  readonly #database: Database;
  readonly #log: EventLog;
  readonly #followers = new Followers();
  readonly #watchers = new Set<Watcher>();
  /** How many follow or watch; while none does, nobody polls. */
  #listening = 0;
  /** Every event up to this one has been given out. */
  #seen = 0;
  #version = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(database: Database, log: EventLog) {
    this.#database = database;
    this.#log = log;
    database.onCommit = (changes) => this.#committed(changes);
    // A claim then joins the transaction that queued its task.
    database.beforeCommit = (changes) => this.#wake(changes);
  }

  read(
    run: TaskId,
    after: number,
    limit?: number,
    scope: EventScope = "tree",
    kinds?: readonly EventKind[],
  ): Promise<Event[]> {
    return this.#database.read(() => this.#log.of(run, scope, after, limit, kinds));
  }

  latest(): Promise<number> {
    return this.#database.read(() => this.#log.latest());
  }

  follow(run: TaskId, after: number, listener: (events: Event[]) => void, scope: EventScope = "tree"): () => void {
    const follower: Follower = { run, scope, after, listener };
    let stopped = false;
    const stopListening = this.#listen();
    const catchUp = () => {
      if (stopped || this.#closed) return;
      const page = this.#log.of(run, scope, follower.after, pageSize);
      give(follower, page);
      if (page.length === pageSize) setImmediate(catchUp);
      // In the same turn as the read: no commit is given out in between.
      else if (!stopped) this.#followers.add(follower);
    };
    setImmediate(catchUp);
    return () => {
      if (stopped) return;
      stopped = true;
      this.#followers.remove(follower);
      stopListening();
    };
  }

  watch(agent: string, { ready, revoked }: Omit<Watcher, "agent">): () => void {
    const watcher: Watcher = { agent, ready, revoked };
    this.#watchers.add(watcher);
    const stopListening = this.#listen();
    return () => {
      if (this.#watchers.delete(watcher)) stopListening();
    };
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#followers.clear();
    this.#watchers.clear();
  }

  #listen(): () => void {
    this.#listening += 1;
    if (this.#listening === 1) {
      this.#version = this.#dataVersion();
      this.#seen = this.#log.latest();
      this.#timer = setInterval(() => this.#poll(), pollMs).unref();
    }
    return () => {
      this.#listening -= 1;
      if (this.#listening === 0) clearInterval(this.#timer);
    };
  }

  /** Numbers have no gaps: what is missing before this commit's first event was written by others. */
  #committed(changes: Change[]): void {
    if (this.#listening === 0) return;
    const first = changes[0]!.event.seq;
    if (first > this.#seen + 1) this.#hear(this.#log.between(this.#seen, first));
    this.#give(changes);
  }

  #poll(): void {
    const version = this.#dataVersion();
    if (version === this.#version) return;
    this.#version = version;
    this.#hear(this.#log.between(this.#seen, Number.MAX_SAFE_INTEGER));
  }

  /** What other processes have written. */
  #hear(changes: Change[]): void {
    this.#give(changes);
    this.#wake(changes);
  }

  #wake(changes: readonly Change[]): void {
    if (!changes.some(({ event }) => isReady(event))) return;
    for (const watcher of this.#watchers) safely(() => watcher.ready());
  }

  #give(changes: Change[]): void {
    if (changes.length === 0) return;
    this.#seen = changes.at(-1)!.event.seq;
    for (const [follower, events] of this.#followers.hearing(changes.map(({ event }) => event))) give(follower, events);
    const taken = changes.filter(({ revoked }) => revoked !== undefined);
    for (const { event, revoked } of taken)
      for (const watcher of this.#watchers)
        if (revoked!.agent === watcher.agent) safely(() => watcher.revoked(event.task, revoked!.attempt));
  }

  #dataVersion(): number {
    return this.#database.get<{ data_version: number }>("pragma data_version")!.data_version;
  }
}

const isReady = ({ kind }: Event): boolean => kind === "queued" || kind === "retrying" || kind === "placed";

function give(follower: Follower, events: Event[]): void {
  const fresh = events.filter((event) => event.seq > follower.after);
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
