/** What many tasks are together. */
import type { TaskStatus } from "../../model/task.ts";
import type { Counts } from "../../runtime/controller/state.ts";

export const statusOf = (counts: Counts): TaskStatus =>
  summary((Object.keys(counts) as TaskStatus[]).filter((status) => counts[status] > 0));

/** A failure among them may have been caught: it colors the whole only when all are over. */
export function summary(statuses: TaskStatus[]): TaskStatus {
  for (const status of ["running", "queued", "draft", "failed", "aborted"] as const)
    if (statuses.includes(status)) return status;
  return "completed";
}
