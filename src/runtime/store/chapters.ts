/**
 * Chapters: in which blocks of events a run has some, or those that it called. An event that enters a new block says so; all others are found by it.
 */
import { blockOf, sizes } from "./blocks.ts";
import type { Database } from "./database.ts";

/** Of so many runs it is remembered which block they are in. */
const most = 4_096;

export class Chapters {
  readonly #database: Database;
  /** By the key of the run. */
  readonly #latest = new Map<number, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** An event of that number was written. */
  enter(run: number, seq: number): void {
    const block = chapterOf(seq);
    if (this.#latest.get(run) === block) return;
    this.#database.run("insert or ignore into chapters (run, block) values (?, ?)", run, block);
    if (this.#latest.size === most) this.#latest.clear();
    this.#latest.set(run, block);
  }

  /** Nothing that is in memory is true any more. */
  forget(): void {
    this.#latest.clear();
  }
}

export const chapterOf = (seq: number): number => blockOf(seq, sizes.events);

/** As SQL: chapters `c` with the events `e` in their blocks, of which most are of others; those after the number that `after` stands for. */
export const chaptersWithEvents = (after: string): string =>
  `chapters c cross join events e
   on e.seq > max(c.block * ${sizes.events} - 1, ${after}) and e.seq < (c.block + 1) * ${sizes.events}`;
