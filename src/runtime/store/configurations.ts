/** Configurations: what a task shares with its template, kept once, by content. */

import { hashOf } from "../../model/hash.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Code } from "../../model/task.ts";
import type { Database } from "./database.ts";

export type Configuration = { options: TaskOptions; code: Code };

export class Configurations {
  readonly #database: Database;
  /** A key names its content, so that what is remembered stays true, also after a rollback. */
  readonly #known = new Map<number, Configuration>();

  constructor(database: Database) {
    this.#database = database;
  }

  get(key: number): Configuration {
    let known = this.#known.get(key);
    if (known === undefined) {
      const row = this.#database.get<{ options: string; code: string }>(
        "select options, code from configurations where key = ?",
        key,
      )!;
      // Frozen: every task that has it shares it.
      known = { options: Object.freeze(JSON.parse(row.options)), code: Object.freeze(JSON.parse(row.code)) };
      this.#known.set(key, known);
    }
    return known;
  }

  /** Keeps it, unless it is there already, and gives its key. */
  keep(configuration: Configuration): number {
    const options = JSON.stringify(configuration.options);
    const code = JSON.stringify(configuration.code);
    const key = Number.parseInt(hashOf(`${options}\n${code}`).slice("sha256:".length, "sha256:".length + 13), 16);
    this.#database.run(
      "insert into configurations (key, options, code) values (?, ?, ?) on conflict do nothing",
      key,
      options,
      code,
    );
    return key;
  }
}
