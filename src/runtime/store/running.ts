/**
 * Which blocks of tasks may hold some that run. A task that begins to run says so for its block, unless that is known; a block that is over, and in which none runs any
 * more, is taken off the list. Where that is not known, because others have written, it stays there until somebody looks.
 */
import { blockOf, sizes } from "./blocks.ts";
import type { Database } from "./database.ts";
import type { TaskRow } from "./task-row.ts";

export class RunningBlocks {
  readonly #database: Database;
  /** By block that is on the list: how many run there of those that are counted. */
  readonly #counts = new Map<number, { running: number }>();
  /** From this block on, all that run are counted. */
  #first = Number.POSITIVE_INFINITY;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The tasks that are made from now on are made here: this is the last one before them. */
  from(lastKey: number): void {
    this.#first = blockOfTask(lastKey) + 1;
  }

  /** The row was written as it is. `lastKey`: of the latest task. */
  written(row: TaskRow, lastKey: number): void {
    const runs = row.status === "running";
    if (runs === row.isCounted) return;
    row.isCounted = runs;
    const block = blockOfTask(row.key);
    const known = this.#counts.get(block);
    const count = known ?? { running: 0 };
    count.running += runs ? 1 : -1;
    const latest = blockOfTask(lastKey);
    if (known === undefined) {
      this.#database.run("insert or ignore into running (block) values (?)", block);
      this.#counts.set(block, count);
      this.#letGo(latest);
    } else if (count.running === 0 && block < latest) this.#letGo(latest);
  }

  /** Takes off the blocks before that one in which none runs any more. */
  #letGo(latest: number): void {
    for (const [block, { running }] of this.#counts) {
      if (running > 0 || block < this.#first || block >= latest) continue;
      this.#database.run("delete from running where block = ?", block);
      this.#counts.delete(block);
    }
  }

  /** Inside an operation that has written what was noted: takes those off in which none runs. */
  tidy(): void {
    this.#database.run(
      `delete from running where not exists (
        select 1 from tasks t where t.key >= block * ${sizes.tasks} and t.key < (block + 1) * ${sizes.tasks} and t.status = 'running')`,
    );
    for (const [block, { running }] of this.#counts) if (running === 0) this.#counts.delete(block);
  }

  /** Nothing that is in memory is true any more. */
  forget(): void {
    this.#counts.clear();
    this.#first = Number.POSITIVE_INFINITY;
  }
}

const blockOfTask = (key: number): number => blockOf(key, sizes.tasks);
