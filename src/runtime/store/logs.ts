/** Logs: the lines of a task's console, numbered. */
import type { LogLine } from "../../model/log.ts";
import type { TaskId } from "../../model/task.ts";
import type { Logs } from "../ports.ts";
import type { Tables } from "./tables.ts";

export class LogTable implements Logs {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  append(lines: LogLine[]): Promise<void> {
    return this.#tables.database.write(() => {
      for (const [task, own] of Map.groupBy(lines, (line) => line.task)) appendLines(this.#tables, task, own);
    });
  }

  read(task: TaskId, after = 0): Promise<LogLine[]> {
    const { database } = this.#tables;
    return database.read(() =>
      database
        .all<Omit<LogLine, "task">>(
          "select attempt, stream, text, at from logs where task = (select key from tasks where id = ?) and number > ? order by number",
          task,
          after,
        )
        .map((line) => ({ task, ...line })),
    );
  }
}

function appendLines({ database, rows }: Tables, id: TaskId, lines: LogLine[]): void {
  const { key } = rows.ofId(id);
  let { number } = database.get<{ number: number }>(
    "select coalesce(max(number), 0) as number from logs where task = ?",
    key,
  )!;
  for (const { attempt, stream, text, at } of lines)
    database.run(
      "insert into logs (task, number, attempt, stream, text, at) values (?, ?, ?, ?, ?, ?)",
      ...[key, ++number, attempt, stream, text, at],
    );
}
