import type { TaskId } from "./task.ts";

/** One line of a task's console, without its line feed. */
export type LogLine = { task: TaskId; attempt: number; stream: "stdout" | "stderr"; text: string; at: number };
