/** Figures: the plots and texts of a task. */
import type { Figure } from "../../model/figure.ts";
import { LimitError, limits } from "../../model/limits.ts";
import type { TaskId } from "../../model/task.ts";
import type { Figures } from "../ports.ts";
import type { Tables } from "./tables.ts";

export class FigureTable implements Figures {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  put(figures: Figure[]): Promise<void> {
    return this.#tables.database.write(() => {
      for (const figure of figures) putFigure(this.#tables, figure);
    });
  }

  list(task: TaskId): Promise<Figure[]> {
    const { database } = this.#tables;
    return database.read(() =>
      database
        .all<Omit<Figure, "task">>(
          `select attempt, kind, title, iteration, content, at from figures
           where task = (select key from tasks where id = ?) order by title, iteration, kind`,
          task,
        )
        .map((figure) => ({ task, ...figure })),
    );
  }
}

function putFigure({ database, rows }: Tables, { task, kind, title, iteration, attempt, content, at }: Figure): void {
  const { key } = rows.ofId(task);
  const { count } = database.get<{ count: number }>(
    "select count(*) as count from figures where task = ? and not (kind = ? and title = ? and iteration = ?)",
    ...[key, kind, title, iteration],
  )!;
  if (count >= limits.figures) throw new LimitError("figures", `${kind}(${JSON.stringify(title)})`);
  database.run(
    "insert or replace into figures (task, kind, title, iteration, attempt, content, at) values (?, ?, ?, ?, ?, ?, ?)",
    ...[key, kind, title, iteration, attempt, content, at],
  );
}
