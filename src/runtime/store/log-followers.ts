/** Those who follow logs: told of each batch as it is committed, by whichever process. */
import type { KeptLine } from "../../model/log.ts";
import type { TaskId } from "../../model/task.ts";
import type { Database } from "./database.ts";
import { type LogRow, linesIn } from "./log-lines.ts";

/** How soon lines of other processes are seen; `pragma data_version` takes 2 µs. */
const pollMs = 50;

type Follower = { task: TaskId; listener: (lines: KeptLine[]) => void; seq: number };

export class LogFollowers {
  readonly #database: Database;
  readonly #followers = new Set<Follower>();
  #version = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  add(task: TaskId, listener: Follower["listener"], { last }: { last?: number }): () => void {
    const follower: Follower = { task, listener, seq: 0 };
    setImmediate(() => {
      if (!this.#followers.has(follower)) return;
      const before = this.#since(follower).sort((a, b) => a.at - b.at);
      const shown = last === undefined ? before : before.slice(before.length - Math.min(last, before.length));
      if (shown.length > 0) listener(shown);
    });
    this.#followers.add(follower);
    this.#timer ??= setInterval(() => this.#poll(), pollMs).unref();
    return () => {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) this.close();
    };
  }

  /** Something was committed here. */
  hear(): void {
    for (const follower of this.#followers) {
      const lines = this.#since(follower);
      if (lines.length > 0) follower.listener(lines);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#followers.clear();
  }

  #poll(): void {
    const version = this.#database.get<{ data_version: number }>("pragma data_version")!.data_version;
    if (version === this.#version) return;
    this.#version = version;
    this.hear();
  }

  /** By the index of ids: what runs for a task begins with its id and a slash, and "0" comes next to "/". */
  #since(follower: Follower): KeptLine[] {
    const { task, seq } = follower;
    const rows = this.#database.all<LogRow & { id: TaskId }>(
      `select l.seq, l.first, l.attempt, l.lines, t.id from logs l join tasks t on t.key = l.task
       where l.seq > ? and (t.id = ? or t.id > ? and t.id < ?) order by l.seq`,
      ...[seq, task, `${task}/`, `${task}0`],
    );
    follower.seq = rows.at(-1)?.seq ?? seq;
    return rows.flatMap((row) => linesIn(row, row.id));
  }
}
