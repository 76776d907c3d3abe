/** What a task has made and measured in its latest attempt, for another one that takes its output: people, and whoever watches its metrics, find it there. */
import type { KeptArtifact } from "../../model/artifact.ts";
import { LimitError } from "../../model/limits.ts";
import { type Monitor, monitoredName, seriesNamed } from "../../model/monitor.ts";
import { artifactsOf, putArtifact } from "./artifacts.ts";
import { appendPoints } from "./metrics.ts";
import type { Tables } from "./tables.ts";
import { runOf, type TaskRow } from "./task-row.ts";

/** Inside an operation. `to`, whose row is written, has nothing yet; its products are those of its first attempt. */
export function copyProducts(
  tables: Tables,
  from: Source,
  to: TaskRow,
  monitor: Monitor | undefined,
  at: number,
): void {
  const { database } = tables;
  for (const artifact of artifactsOf(tables, from.id)) {
    putArtifact(tables, { ...artifact, task: to.id, attempt: 1 });
    const seen = monitoredName(monitor, artifact.model ? "models" : "artifacts", artifact.name);
    if (seen !== undefined) show(to, (run) => putArtifact(tables, { ...artifact, ...run, name: seen }));
  }
  database.run(
    `insert into figures (task, kind, title, iteration, attempt, content, at)
     select ?, kind, title, iteration, 1, content, at from figures where task = ?`,
    to.key,
    from.key,
  );
  copySeries(tables, from, to, monitor, at);
}

/** The earlier task. */
type Source = Pick<TaskRow, "key" | "id">;

type SeriesRow = {
  key: number;
  title: string;
  series: string;
  attempt: number;
  last: number | null;
  last_iteration: number;
};

/** Whole: of a series of many points, each batch is one row. */
function copySeries(tables: Tables, from: Source, to: TaskRow, monitor: Monitor | undefined, at: number): void {
  const { database, events } = tables;
  const all = database.all<SeriesRow>(
    "select key, title, series, attempt, last, last_iteration from series where task = ? order by key",
    from.key,
  );
  for (const { key: source, title, series, attempt, last, last_iteration: iteration } of all) {
    const { key } = database.run(
      `insert into series (task, title, series, attempt, last, last_iteration, min, max, count, total)
       select ?, title, series, 1, last, last_iteration, min, max, count, count from series where key = ?`,
      to.key,
      source,
    );
    database.run(
      `insert into points (series, first, attempt, columns)
       select ?, first + 1 - min(first) over (), 1, columns from points where series = ? and attempt = ?`,
      key,
      source,
      attempt,
    );
    const value = last ?? Number.NaN;
    events.append(to, at, { kind: "scalar", title, series, value, iteration });
    const seen = monitoredName(monitor, "metrics", `${title}/${series}`);
    if (seen !== undefined)
      show(to, (run) => appendPoints(tables, [{ ...run, ...seriesNamed(seen), value, iteration, at }]));
  }
}

/** On the task of the pipeline. What is too much for it is not shown there, as of a step that ran. */
function show(task: TaskRow, write: (run: Pick<KeptArtifact, "task" | "attempt">) => void): void {
  try {
    write({ task: runOf(task), attempt: 0 });
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
  }
}
