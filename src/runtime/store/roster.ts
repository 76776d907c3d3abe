/** Who reads the roster: hears of the agents that are known whenever they are others, also by what other processes do. One timer looks for all of them. */
import type { RosterReader } from "../ports.ts";
import { readAgents } from "./agents.ts";
import type { Database } from "./database.ts";

/** Agents come and go seldom. */
const lookMs = 250;

export class Roster {
  readonly #database: Database;
  /** Each with what it was told. */
  readonly #readers = new Map<RosterReader, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  add(reader: RosterReader): () => void {
    this.#readers.set(reader, "");
    this.#timer ??= setInterval(() => this.#look(), lookMs).unref();
    this.#look();
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.close();
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#database
      .read(() => readAgents(this.#database))
      .then(
        (agents) => {
          const known = JSON.stringify(agents.map(({ leaseUntil: _, ...agent }) => agent));
          for (const [reader, told] of this.#readers) {
            if (told === known) continue;
            this.#readers.set(reader, known);
            reader.hear(agents);
          }
        },
        (error) => {
          for (const reader of this.#readers.keys()) reader.fail(error);
        },
      );
  }
}
