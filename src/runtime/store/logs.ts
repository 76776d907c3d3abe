/** Logs: the lines of a task's console, a row for each batch of them. */
import { fitsRange, type KeptLine, type LogLine, type LogRange } from "../../model/log.ts";
import type { TaskId } from "../../model/task.ts";
import type { Logs } from "../ports.ts";
import type { Database } from "./database.ts";
import { LogFollowers } from "./log-followers.ts";
import { type LogRow, linesIn, packedLines } from "./log-lines.ts";
import type { Tables } from "./tables.ts";

/** Of a task that says more, the first lines and the latest stay. */
const keptFirst = 1_000;
const keptLatest = 100_000;
const keptBytes = 64 * 1024 * 1024;
/** So many lines, or bytes, come before what is too old is dropped. */
const sweepLines = 10_000;
const sweepBytes = 8 * 1024 * 1024;

export class LogTable implements Logs {
  readonly #tables: Tables;
  readonly #followers: LogFollowers;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#followers = new LogFollowers(tables.database);
  }

  append(lines: LogLine[]): Promise<void> {
    const written = this.#tables.database.write(() => {
      for (const own of Map.groupBy(lines, ({ task, attempt }) => `${attempt} ${task}`).values())
        appendLines(this.#tables, own);
    });
    // Whoever appends hears of a refusal; followers hear of what was kept.
    written.then(
      () => this.#followers.hear(),
      () => {},
    );
    return written;
  }

  read(task: TaskId, { after = 0, last, ...range }: LogRange = {}): Promise<KeptLine[]> {
    const { database } = this.#tables;
    return database.read(() =>
      last === undefined
        ? batchesAfter(database, task, after)
            .flatMap((row) => linesIn(row, task))
            .filter((line) => line.number > after && fitsRange(line, range))
        : lastLines(database, task, last, (line) => line.number > after && fitsRange(line, range)),
    );
  }

  follow(task: TaskId, listener: (lines: KeptLine[]) => void, options: { last?: number } = {}): () => void {
    return this.#followers.add(task, listener, options);
  }

  close(): void {
    this.#followers.close();
  }
}

/** Of one attempt of one task. */
function appendLines({ database, rows }: Tables, lines: LogLine[]): void {
  const { task, attempt } = lines[0]!;
  const { key } = rows.ofId(task);
  const before = database.get<{ number: number; bytes: number }>(
    "select first + count - 1 as number, bytes from logs where task = ? order by first desc limit 1",
    key,
  ) ?? { number: 0, bytes: 0 };
  const number = before.number + lines.length;
  const bytes = lines.reduce((sum, { text }) => sum + text.length, before.bytes);
  database.run(
    "insert into logs (task, first, count, attempt, bytes, lines) values (?, ?, ?, ?, ?, ?)",
    ...[key, before.number + 1, lines.length, attempt, bytes, packedLines(lines)],
  );
  const isDue = (from: number, to: number, every: number) => Math.floor(from / every) < Math.floor(to / every);
  if (isDue(before.number, number, sweepLines) || isDue(before.bytes, bytes, sweepBytes))
    database.run(
      "delete from logs where task = ? and first > ? and (first + count - 1 <= ? or bytes <= ?)",
      ...[key, keptFirst, number - keptLatest, bytes - keptBytes],
    );
}

const selectRows = "select seq, first, attempt, lines from logs where task = (select key from tasks where id = ?)";

function batchesAfter(database: Database, task: TaskId, after: number): LogRow[] {
  return database.all<LogRow>(`${selectRows} and first + count > ? order by first`, task, after + 1);
}

/** From the end, some batches at a time, until there are enough. */
function lastLines(database: Database, task: TaskId, last: number, fits: (line: KeptLine) => boolean): KeptLine[] {
  const found: KeptLine[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; found.length < last; ) {
    const rows = database.all<LogRow>(`${selectRows} and first < ? order by first desc limit 50`, task, before);
    for (const row of rows) found.unshift(...linesIn(row, task).filter(fits));
    if (rows.length < 50) break;
    before = rows.at(-1)!.first;
  }
  return last === 0 ? [] : found.slice(-last);
}
