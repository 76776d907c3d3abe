import type { TaskId } from "./task.ts";

/** One point of a scalar series. */
export type Scalar = {
  task: TaskId;
  attempt: number;
  title: string;
  series: string;
  iteration: number;
  value: number;
  at: number;
};

/** What a series has come to; of all attempts, the latest attempt that reported it. */
export type ScalarSummary = {
  task: TaskId;
  title: string;
  series: string;
  last: number;
  lastIteration: number;
  min: number;
  max: number;
  count: number;
};

/** The title of single values. */
export const summaryTitle = "Summary";
