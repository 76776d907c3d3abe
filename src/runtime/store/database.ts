/** The connection to `reprise.db`: its settings, its statements (prepared once, kept), and the writes, which go through group commit. */
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as after } from "node:timers/promises";
import { covers } from "../../model/resources.ts";
import { StoreError } from "../ports.ts";
import { answerOnce } from "./answers.ts";
import { storeError } from "./errors.ts";
import { GroupCommit, type Operation, type Participant } from "./group-commit.ts";

/** `normal` survives the death of the process, `full` also the loss of power. */
export type Durability = "normal" | "full";

type Value = string | number | Uint8Array | null | undefined;

/** How long a writer waits for another process, in milliseconds. */
const busyMs = 10_000;
/** The log is copied to the database, which has to wait for the disk twice, at that many pages of 4 kB; SQLite's own 1,000 are some sixty steps. */
const checkpointPages = 4_096;
/** Before that, it is copied when nobody has written for so long, in milliseconds, and that many rows were written since the last time. */
const quietMs = 25;
const worthCopying = 1_000;
/** So long the log grows until then. It is grown at once: a commit that writes over what is there takes half the time, and 16 MB of zeros 5 ms. */
const grownBytes = checkpointPages * 4_096;
/** By whoever commits so often: a short run has ended by then. Never before the first commit, which has the disk take all that the log holds. */
const grownAfterCommits = 20;
/** Grown by so much at once: Linux keeps what was written at once together, and each small write into a large piece takes twice as long. */
const grownAtOnce = 64 * 1024;

/** Says in the file's header whose it is: "Rprs". */
const applicationId = 0x52_70_72_73;

export class Database {
  readonly folder: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #commits: GroupCommit;
  readonly #quiet: NodeJS.Timeout;
  #commitCount = 0;
  #copiedChanges = 0;
  #open = true;
  #version: number | undefined;
  /** Of the changes that are asked for right now. */
  #naming: { name: string; count: number } | undefined;

  constructor(connection: DatabaseSync, folder: string) {
    this.folder = folder;
    this.#connection = connection;
    this.#quiet = setTimeout(() => this.outside(() => this.#copyLog()), quietMs).unref();
    this.#commits = new GroupCommit(connection, folder, () => this.#committed());
  }

  /** Takes part in every transaction. */
  set participant(participant: Participant) {
    this.#commits.participant = participant;
  }

  /**
   * Runs a synchronous operation in the transaction of this turn of the event loop; resolves after its commit. Whatever it throws undoes what it
   * wrote, and no more. Rejects with a StoreError where the transaction fails.
   */
  write<T>(operation: () => T): Promise<T> {
    return this.#add({ run: operation });
  }

  /** The same for an operation that checks everything before it changes anything: a savepoint less. */
  change<T>(operation: () => T): Promise<T> {
    return this.#add({ run: operation, checksFirst: true });
  }

  /** The same, when all else that the transaction does was done: also what it is answered with. */
  changeLast<T>(operation: () => T): Promise<T> {
    return this.#add({ run: operation, checksFirst: true, last: true });
  }

  /** Calls back at once, or when the open transaction is over. */
  outside(act: () => void): void {
    this.#commits.outside(act);
  }

  /**
   * As `write`, in a transaction of its own that does not look for references row by row, which takes long where much is deleted: the operation leaves
   * none behind.
   */
  writeUnchecked<T>(operation: () => T): Promise<T> {
    if (!this.#open) return Promise.reject(this.#closed());
    this.#commits.flush();
    this.exec("pragma foreign_keys = off");
    try {
      const written = this.#add({ run: operation, checksFirst: true });
      this.#commits.flush();
      return written;
    } finally {
      this.exec("pragma foreign_keys = on");
    }
  }

  /** What `act` writes before it gives the event loop back is written once by that name: again, it gives what it gave. */
  once<T>(name: string, act: () => T): T {
    this.#naming = { name, count: 0 };
    try {
      return act();
    } finally {
      this.#naming = undefined;
    }
  }

  /** Runs a synchronous query on what is committed. Rejects with a StoreError where the database cannot be read. */
  read<T>(query: () => T): Promise<T> {
    return new Promise((resolve, reject) =>
      this.#commits.outside(() => {
        if (!this.#open) return reject(this.#closed());
        try {
          resolve(query());
        } catch (error) {
          reject(storeError(error, this.folder));
        }
      }),
    );
  }

  /** Has another process committed since the last `catchUp`? */
  isBehind(): boolean {
    return this.#dataVersion() !== this.#version;
  }

  catchUp(): void {
    this.#version = this.#dataVersion();
  }

  #dataVersion(): number {
    return this.get<{ data_version: number }>("pragma data_version")!.data_version;
  }

  get<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.#statement(sql).get(...bound(values)) as Row | undefined;
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#statement(sql).all(...bound(values)) as Row[];
  }

  /** Gives the number of rows that changed, and the key of the last inserted row. */
  run(sql: string, ...values: Value[]): { changes: number; key: number } {
    const { changes, lastInsertRowid } = this.#statement(sql).run(...bound(values));
    return { changes: changes as number, key: lastInsertRowid as number };
  }

  /** Several statements, or one that is not worth keeping. */
  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Commits what is pending and closes. Again does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#commits.flush();
    this.#open = false;
    clearTimeout(this.#quiet);
    this.#connection.close();
  }

  #add<T>({ run, ...how }: Operation & { run: () => T }): Promise<T> {
    if (!this.#open) return Promise.reject(this.#closed());
    return this.#commits.add({ run: this.#naming ? this.#named(this.#naming, run) : run, ...how });
  }

  #named<T>(naming: { name: string; count: number }, run: () => T): () => T {
    const name = `${naming.name} ${naming.count++}`;
    return () => answerOnce(this, name, run);
  }

  #committed(): void {
    this.#quiet.refresh();
    if (++this.#commitCount === grownAfterCommits) growLog(this.#connection, `${fileIn(this.folder)}-wal`);
  }

  /** Nobody waits for the disk then. What another process still reads stays in the log. */
  #copyLog(): void {
    if (!this.#open) return;
    const { changes } = this.get<{ changes: number }>("select total_changes() as changes")!;
    if (changes - this.#copiedChanges < worthCopying) return;
    this.#copiedChanges = changes;
    try {
      this.exec("pragma wal_checkpoint(passive)");
      // The first to write after it waits for the disk again, as the log begins anew: nobody needs to. It waits for no other process.
      this.exec(`pragma busy_timeout = 0; pragma application_id = ${applicationId}`);
    } catch {
      // Nothing is lost: it is all in the log. A disk that takes no more is told of by the next commit.
    } finally {
      this.exec(`pragma busy_timeout = ${busyMs}`);
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #closed(): StoreError {
    return new StoreError(`the store ${this.folder} is closed`);
  }
}

/** Opens or creates the database in `folder`. Throws a StoreError where that is not possible. */
export async function openDatabase(folder: string, durability: Durability): Promise<Database> {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(fileIn(folder), { timeout: busyMs, enableForeignKeyConstraints: true });
    await enterWal(connection);
    connection.function("covers", { deterministic: true }, (offered, needed) =>
      Number(covers(JSON.parse(offered as string), JSON.parse(needed as string))),
    );
    connection.exec(`pragma synchronous = ${durability}; pragma wal_autocheckpoint = ${checkpointPages}`);
    return new Database(connection, folder);
  } catch (error) {
    connection?.close();
    throw storeError(error, folder);
  }
}

/** Two processes that turn a new database to WAL at once are told "busy" without being made to wait. */
async function enterWal(connection: DatabaseSync): Promise<void> {
  const deadline = performance.now() + busyMs;
  for (;;)
    try {
      connection.exec("pragma journal_mode = wal");
      return;
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== 5 || performance.now() > deadline) throw error;
      await after(2);
    }
}

const fileIn = (folder: string): string => join(folder, "reprise.db");

/** Whoever appends to it holds the lock that this holds: nothing of theirs is written over. It is only faster so, and whatever stops it does no harm. */
function growLog(connection: DatabaseSync, log: string): void {
  try {
    connection.exec("begin immediate");
  } catch {
    return;
  }
  try {
    appendZeros(log);
  } catch {
    // Where there is no room, what room there is stays for commits, and the one that finds none says so.
  } finally {
    connection.exec("commit");
  }
}

/** They are no frames of the log. */
function appendZeros(log: string): void {
  const file = openSync(log, "r+");
  const before = fstatSync(file).size;
  try {
    const zeros = Buffer.alloc(grownAtOnce);
    for (let at = before; at < grownBytes; at += zeros.length) writeSync(file, zeros, 0, zeros.length, at);
  } catch (error) {
    ftruncateSync(file, before);
    throw error;
  } finally {
    closeSync(file);
  }
}

function bound(values: Value[]): Exclude<Value, undefined>[] {
  for (let i = 0; i < values.length; i++) values[i] ??= null;
  return values as Exclude<Value, undefined>[];
}
