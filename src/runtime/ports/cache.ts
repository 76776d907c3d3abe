/** What earlier tasks have come to. */
import type { CacheKey, CacheOutcome, CachePolicy } from "../../model/cache.ts";
import type { TaskId } from "../../model/task.ts";

/** What earlier tasks have come to, by what they were given: a clone with a key takes the output of one, in the transaction that makes it. */
export interface Cache {
  /** Why the task was taken from the cache, or ran; undefined for one that may not be. */
  why(task: TaskId): Promise<CacheOutcome | undefined>;
  /** What would become of a call now. `name`: of the step. `project`: its own, else that of its run. */
  look(step: { name: string; key: CacheKey; policy: CachePolicy; project: string | undefined }): Promise<CacheOutcome>;
}
