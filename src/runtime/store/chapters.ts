/**
 * Chapters: in which blocks of events a run has some, or those that it called, and which these are. An event that enters a new block says so; when the run has left it, its
 * chapter lists its rows, where they are few. Of one that has no list all events of the block are looked at: where others have written in between, and of the latest.
 */
import { blockOf, sizes } from "./blocks.ts";
import type { Database } from "./database.ts";

/** Of so many runs it is remembered which block they are in. */
const mostRuns = 4_096;
/** Of a run that has more rows in a block, most rows that are looked at are its own. */
const mostRows = 256;

/** `rows`: the numbers of all rows that it has there, as long as they are known and few. */
type Open = { block: number; rows: number[] | undefined };

export class Chapters {
  readonly #database: Database;
  /** By the key of the run. */
  readonly #open = new Map<number, Open>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** A row of that number was written. */
  enter(run: number, seq: number): void {
    const block = blockOf(seq, sizes.events);
    const open = this.#open.get(run);
    if (open?.block === block) {
      if (open.rows?.push(seq) === mostRows) open.rows = undefined;
      return;
    }
    if (open?.rows !== undefined) this.#close(run, open.block, open.rows);
    const { changes } = this.#database.run("insert or ignore into chapters (run, block) values (?, ?)", run, block);
    if (this.#open.size === mostRuns) this.#open.clear();
    // Where it was there before, nobody knows what it has.
    this.#open.set(run, { block, rows: changes === 1 ? [seq] : undefined });
  }

  /** Nothing that is in memory is true any more. */
  forget(): void {
    this.#open.clear();
  }

  #close(run: number, block: number, rows: number[]): void {
    this.#database.run("update chapters set rows = ? where run = ? and block = ?", JSON.stringify(rows), run, block);
  }
}
