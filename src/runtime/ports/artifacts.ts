/** Artifacts: named contents of tasks. */
import type { ArtifactRole, KeptArtifact } from "../../model/artifact.ts";
import type { TaskId } from "../../model/task.ts";

/** Their content is in `blobs`: it is put there first, and no artifact names what is not there. */
export interface Artifacts {
  /** The same name again, of the same role, replaces it, and comes last. Rejects with a LimitError where a task has too many. */
  put(artifact: KeptArtifact): Promise<void>;
  /** In the order in which they were put. */
  list(task: TaskId): Promise<KeptArtifact[]>;
  /** Says that content is on its way: who looks for it waits. Ends with `put`, `withdraw`, or the attempt. */
  announce(upload: Upload): Promise<void>;
  withdraw(upload: Upload): Promise<void>;
  /** By name, an `output` unless told. Waits for what is announced; undefined where there is none. Rejects with the signal's reason. */
  find(
    task: TaskId,
    name: string,
    options?: { role?: ArtifactRole; signal?: AbortSignal },
  ): Promise<KeptArtifact | undefined>;
}

export type Upload = Pick<KeptArtifact, "task" | "role" | "name" | "attempt">;
