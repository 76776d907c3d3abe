import { type Move, moves } from "../../model/task.ts";
import type { TaskRow } from "./task-row.ts";

/** Makes the move. False, and the task is as it was, where the table of moves has no such one. The caller tells the rows that it has changed. */
export function move(task: TaskRow, by: Move): boolean {
  const to = moves[task.status][by];
  if (to === undefined) return false;
  task.status = to;
  return true;
}
