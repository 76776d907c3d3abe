import type { TaskId } from "./task.ts";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** One line of a task's console, without its line feed; colors are kept. */
export type LogLine = {
  task: TaskId;
  attempt: number;
  stream: "stdout" | "stderr";
  /** Where it was said by a method of the console that has one; absent, it was merely printed, and counts as `info`. */
  level?: LogLevel;
  text: string;
  at: number;
};

/** Numbered from 1 in its task. Where numbers are missing, lines were dropped, as there were too many. */
export type KeptLine = LogLine & { number: number };

export type LogRange = {
  /** Only lines with a higher number. */
  after?: number;
  /** Only the last so many of those that fit. */
  last?: number;
  /** Only lines that hold this text, in capitals or not. */
  search?: string;
  /** Only lines of this level, or a graver one. */
  level?: LogLevel;
};

/** Does the line fit, its number aside? */
export function fitsRange({ text, level = "info" }: LogLine, range: LogRange): boolean {
  if (range.level !== undefined && logLevels.indexOf(level) < logLevels.indexOf(range.level)) return false;
  return range.search === undefined || text.toLowerCase().includes(range.search.toLowerCase());
}
