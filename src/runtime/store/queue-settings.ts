/** What was said of queues by hand: of most, nothing. Known in memory, so that no claim has to ask. */
import type { Database } from "./database.ts";

export type QueueSetting = { readonly paused: boolean; readonly limit: number | undefined };

export class QueueSettings {
  readonly #database: Database;
  #byName: Map<string, QueueSetting> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  get all(): ReadonlyMap<string, QueueSetting> {
    this.#byName ??= new Map(
      this.#database
        .all<SettingRow>("select name, paused, running_limit from queues")
        .map(({ name, paused, running_limit }) => [name, { paused: paused === 1, limit: running_limit ?? undefined }]),
    );
    return this.#byName;
  }

  /** At most so many of its tasks run at once; undefined: any number. */
  limitOf(queue: string | null): number | undefined {
    return queue === null ? undefined : this.all.get(queue)?.limit;
  }

  /** Inside an operation, as below. */
  limit(queue: string, limit: number | undefined): void {
    const sql =
      "insert into queues (name, running_limit) values (?, ?) on conflict (name) do update set running_limit = excluded.running_limit";
    this.#database.run(sql, queue, limit);
    this.forget();
  }

  pause(queue: string, paused: boolean): void {
    const sql =
      "insert into queues (name, paused) values (?, ?) on conflict (name) do update set paused = excluded.paused";
    this.#database.run(sql, queue, Number(paused));
    this.forget();
  }

  forget(): void {
    this.#byName = undefined;
  }
}

type SettingRow = { name: string; paused: 0 | 1; running_limit: number | null };
