/** Metrics: the points of scalar series, what each series has come to, and how far a task is. */
import { LimitError, limits } from "../../model/limits.ts";
import type { Scalar, ScalarSummary } from "../../model/metric.ts";
import { sampleOf } from "../../model/sample.ts";
import type { TaskId } from "../../model/task.ts";
import type { Metrics } from "../ports.ts";
import { packPoints, unpackPoints } from "./points.ts";
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

  read(task: TaskId, title: string, series: string, { points }: { points?: number } = {}): Promise<Scalar[]> {
    const { database } = this.#tables;
    return database.read(() => {
      const batches = database.all<BatchRow>(
        `select p.attempt, p.columns from series s join points p on p.series = s.key
         where s.task = (select key from tasks where id = ?) and s.title = ? and s.series = ? order by p.first`,
        ...[task, title, series],
      );
      const all = batches.flatMap(pointsIn);
      const kept =
        points === undefined
          ? all
          : sampleOf(
              all.map(({ value }) => value),
              points,
            ).map((i) => all[i]!);
      return kept.map((point) => ({ task, title, series, ...point }));
    });
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

/** Inside an operation: of one series. Throws a LimitError. */
export function appendPoints({ database, rows, events }: Tables, points: Scalar[]): void {
  const { task: id, title, series } = points[0]!;
  const task = rows.ofId(id);
  const row = database.get<SeriesRow>(
    `${selectSeries} where task = ? and title = ? and series = ?`,
    task.key,
    title,
    series,
  );
  const summary = points.reduce(summarized, row)!;
  const key = row?.key ?? insertSeries(database, task.key, title, series);
  const total = row?.total ?? 0;
  database.run(
    "update series set attempt = ?, last = ?, last_iteration = ?, min = ?, max = ?, count = ?, total = ? where key = ?",
    ...[summary.attempt, summary.last, summary.last_iteration, summary.min, summary.max, summary.count],
    ...[total + points.length, key],
  );
  let first = total + 1;
  for (const [attempt, own] of Map.groupBy(points, (point) => point.attempt)) {
    database.run(insertPoints, key, first, attempt, packPoints(own));
    first += own.length;
  }
  const { value, iteration } = points.at(-1)!;
  events.append(task, Date.now(), { kind: "scalar", title, series, value, iteration });
}

/** Gives its key. Throws a LimitError. */
function insertSeries(database: Tables["database"], task: number, title: string, series: string): number {
  const { count } = database.get<{ count: number }>("select count(*) as count from series where task = ?", task)!;
  if (count >= limits.series)
    throw new LimitError("series", `scalar(${JSON.stringify(title)}, ${JSON.stringify(series)})`);
  return database.run(
    "insert into series (task, title, series, attempt, last_iteration, count) values (?, ?, ?, 0, 0, 0)",
    ...[task, title, series],
  ).key;
}

function pointsIn({ attempt, columns }: BatchRow): Pick<Scalar, "attempt" | "iteration" | "value" | "at">[] {
  const { iterations, values, ats } = unpackPoints(columns);
  return Array.from(values, (value, i) => ({ attempt, iteration: iterations[i]!, value, at: ats[i]! }));
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

const selectSeries = "select key, title, series, attempt, last, last_iteration, min, max, count, total from series";
const insertPoints = "insert into points (series, first, attempt, columns) values (?, ?, ?, ?)";

type BatchRow = { attempt: number; columns: Uint8Array };
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
  total: number;
};
