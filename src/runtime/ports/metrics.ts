/** Scalars that tasks report. */
import type { Scalar, ScalarSummary } from "../../model/metric.ts";
import type { TaskId } from "../../model/task.ts";

export interface Metrics {
  /** Also appends one event a batch and series, with its last point. Rejects with a LimitError where a task has too many series. */
  append(points: Scalar[]): Promise<void>;
  /** In order; with `points`, about so many of them, with the least and greatest among those that are left out. */
  read(task: TaskId, title: string, series: string, options?: { points?: number }): Promise<Scalar[]>;
  summaries(task: TaskId): Promise<ScalarSummary[]>;
  progress(task: TaskId, attempt: number, fraction: number): Promise<void>;
}
