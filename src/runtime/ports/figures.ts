/** Plots and tables that tasks report. */
import type { Figure } from "../../model/figure.ts";
import type { TaskId } from "../../model/task.ts";

export interface Figures {
  /** The same kind, title and iteration again replaces it. Rejects with a LimitError where a task has too many. */
  put(figures: Figure[]): Promise<void>;
  /** By title, then iteration. */
  list(task: TaskId): Promise<Figure[]>;
}
