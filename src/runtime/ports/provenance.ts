/** Out of which state of the sources tasks were started. */
import type { Provenance } from "../../model/provenance.ts";
import type { TaskId } from "../../model/task.ts";

/** Out of which state of the sources tasks were started. */
export interface Provenances {
  /** The first one stays. */
  keep(task: TaskId, provenance: Provenance): Promise<void>;
  of(task: TaskId): Promise<Provenance | undefined>;
}
