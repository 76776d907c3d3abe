/** Metrics: the points of scalar series, what each series has come to, and how far a task is. */
import type { Scalar, ScalarSummary } from "../../model/metric.ts";
import type { TaskId } from "../../model/task.ts";
import type { Metrics } from "../ports.ts";
import type { Tables } from "./tables.ts";

export class MetricTable implements Metrics {
  readonly #tables: Tables;
  /** What was last said of a task in this turn of the event loop. */
  readonly #progress = new Map<TaskId, { attempt: number; fraction: number; written: Promise<void> }>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  append(points: Scalar[]): Promise<void> {
    return this.#tables.database.write(() => {
      const series = Map.groupBy(points, (point) => JSON.stringify([point.task, point.title, point.series]));
      for (const points of series.values()) appendPoints(this.#tables, points);
    });
  }

  read(task: TaskId, title: string, series: string): Promise<Scalar[]> {
    const { database } = this.#tables;
    return database.read(() =>
      database
        .all<PointRow>(
          `select p.attempt, p.iteration, p.value, p.at from series s join points p on p.series = s.key
           where s.task = (select key from tasks where id = ?) and s.title = ? and s.series = ? order by p.number`,
          task,
          title,
          series,
        )
        .map(({ attempt, iteration, value, at }) => ({
          task,
          attempt,
          title,
          series,
          iteration,
          value: value ?? Number.NaN,
          at,
        })),
    );
  }

  summaries(task: TaskId): Promise<ScalarSummary[]> {
    const { database } = this.#tables;
    return database.read(() =>
      database
        .all<SeriesRow>(`${selectSeries} where task = (select key from tasks where id = ?) order by key`, task)
        .map((row) => ({
          task,
          title: row.title,
          series: row.series,
          last: row.last ?? Number.NaN,
          lastIteration: row.last_iteration,
          min: row.min ?? Number.NaN,
          max: row.max ?? Number.NaN,
          count: row.count,
        })),
    );
  }

  progress(task: TaskId, attempt: number, fraction: number): Promise<void> {
    const pending = this.#progress.get(task);
    if (pending !== undefined) {
      Object.assign(pending, { attempt, fraction });
      return pending.written;
    }
    const latest = { attempt, fraction, written: Promise.resolve() };
    const forget = () => this.#progress.get(task) === latest && this.#progress.delete(task);
    this.#progress.set(task, latest);
    latest.written = this.#tables.database.change(() => {
      forget();
      writeProgress(this.#tables, task, latest.attempt, latest.fraction);
    });
    latest.written.catch(forget);
    return latest.written;
  }
}

/** A late report, of an attempt that is not the running one any more, is dropped. */
function writeProgress({ rows, events }: Tables, id: TaskId, attempt: number, progress: number): void {
  const task = rows.ofId(id);
  if (task.status !== "running" || task.attempt !== attempt) return;
  task.progress = progress;
  rows.changed(task);
  events.append(task, Date.now(), { kind: "progress", progress });
}

/** Of one series. */
function appendPoints({ database, rows, events }: Tables, points: Scalar[]): void {
  const { task: id, title, series } = points[0]!;
  const task = rows.ofId(id);
  const row = database.get<SeriesRow>(
    `${selectSeries} where task = ? and title = ? and series = ?`,
    task.key,
    title,
    series,
  );
  const summary = points.reduce(summarized, row);
  const key = row?.key ?? database.run(insertSeries, task.key, title, series).key;
  database.run(
    "update series set attempt = ?, last = ?, last_iteration = ?, min = ?, max = ?, count = ? where key = ?",
    ...[summary!.attempt, summary!.last, summary!.last_iteration, summary!.min, summary!.max, summary!.count, key],
  );
  for (const { attempt, iteration, value, at } of points)
    database.run(insertPoint, key, key, attempt, iteration, storable(value), at);
  const { value, iteration } = points.at(-1)!;
  events.append(task, Date.now(), { kind: "scalar", title, series, value, iteration });
}

type Summary = Pick<SeriesRow, "attempt" | "last" | "last_iteration" | "min" | "max" | "count">;

/** A later attempt starts anew; what an earlier one still sends does not count. NaN is the last value, but neither least nor greatest. */
function summarized(summary: Summary | undefined, { attempt, iteration, value: given }: Scalar): Summary {
  const value = storable(given);
  if (summary === undefined || attempt > summary.attempt)
    return { attempt, last: value, last_iteration: iteration, min: value, max: value, count: 1 };
  if (attempt < summary.attempt) return summary;
  return {
    attempt,
    last: value,
    last_iteration: iteration,
    min: least(summary.min, value),
    max: greatest(summary.max, value),
    count: summary.count + 1,
  };
}

const storable = (value: number): number | null => (Number.isNaN(value) ? null : value);
const least = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.min(a, b));
const greatest = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b));

const selectSeries = "select key, title, series, attempt, last, last_iteration, min, max, count from series";
const insertSeries =
  "insert into series (task, title, series, attempt, last_iteration, count) values (?, ?, ?, 0, 0, 0)";
const insertPoint = `insert into points (series, number, attempt, iteration, value, at)
  values (?, (select coalesce(max(number), 0) + 1 from points where series = ?), ?, ?, ?, ?)`;

type PointRow = { attempt: number; iteration: number; value: number | null; at: number };
type SeriesRow = {
  key: number;
  title: string;
  series: string;
  attempt: number;
  last: number | null;
  last_iteration: number;
  min: number | null;
  max: number | null;
  count: number;
};
