/** What attempts leave for later ones. */
import type { Stored, TaskId } from "../../model/task.ts";

/** What attempts leave for later ones of their task: of each task, the latest. */
export interface Checkpoints {
  /** Rejects with a LostLeaseError where the attempt is not the running one any more. */
  save(task: TaskId, attempt: number, value: Stored): Promise<void>;
  load(task: TaskId): Promise<Stored | undefined>;
}
