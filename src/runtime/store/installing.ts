import type { TaskId } from "../../model/task.ts";
import type { Tables } from "./tables.ts";

/** Inside an operation: says for which packages the attempt waits, where it is the running one. */
export function tellInstalling(
  { rows, events }: Tables,
  { id, attempt, packages }: { id: TaskId; attempt: number; packages: readonly string[] },
  at: number,
): void {
  const task = rows.ofId(id);
  if (task.status === "running" && task.attempt === attempt) events.append(task, at, { kind: "installing", packages });
}
