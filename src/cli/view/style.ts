/** Colors and marks, for a stream that can show them. */
import type { WriteStream } from "node:tty";
import picocolors from "picocolors";
import type { TaskStatus } from "../../model/task.ts";

export type Style = ReturnType<typeof picocolors.createColors>;

export const styleOf = (color: boolean): Style => picocolors.createColors(color);

/** Whether to color what goes to the stream: NO_COLOR and FORCE_COLOR win, then what the terminal can. */
export function hasColor(stream: Partial<WriteStream>, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return stream.isTTY === true && env.TERM !== "dumb";
}

/** Cells of a line; 80 where the stream is no terminal. */
export const widthOfStream = (stream: Partial<WriteStream>): number => Math.max(40, stream.columns ?? 80);

const marks: Record<TaskStatus, { mark: string; color: "gray" | "cyan" | "green" | "red" | "yellow" }> = {
  draft: { mark: "○", color: "gray" },
  queued: { mark: "○", color: "gray" },
  running: { mark: "●", color: "cyan" },
  completed: { mark: "✓", color: "green" },
  failed: { mark: "✗", color: "red" },
  aborted: { mark: "■", color: "yellow" },
};

export const markOf = (status: TaskStatus, style: Style): string => style[marks[status].color](marks[status].mark);
export const inStatusColor = (text: string, status: TaskStatus, style: Style): string =>
  style[marks[status].color](text);
