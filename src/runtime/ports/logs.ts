/** What tasks say. */
import type { KeptLine, LogLine, LogRange } from "../../model/log.ts";
import type { TaskId } from "../../model/task.ts";

export interface Logs {
  /** Of a task that says very much, the first and the latest lines stay. */
  append(lines: LogLine[]): Promise<void>;
  /** In order. */
  read(task: TaskId, range?: LogRange): Promise<KeptLine[]>;
  /**
   * What the task, and everything that runs for it, says: what it has said, or the `last` lines of it, in order of time, and then what it says from now
   * on, in batches, until stopped.
   */
  follow(task: TaskId, listener: (lines: KeptLine[]) => void, options?: { last?: number }): () => void;
}
