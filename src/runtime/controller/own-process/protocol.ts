/** What a controller and the process of a graph tell each other. */
import type { Chance } from "../../../model/chance.ts";
import type { TaskOptions } from "../../../model/options.ts";
import type { Graph } from "../../../model/pipeline.ts";
import type { TaskId } from "../../../model/task.ts";
import type { Pipelines } from "../calls.ts";
import type { Heard, History } from "../history.ts";
import type { Turn } from "../running-graph.ts";

/** What the graph is, and what its run has recorded. */
export type Setting = {
  run: TaskId;
  program: { name: string; graph: Graph; pipelines: Pipelines; unread: ReadonlySet<string> };
  budget: number;
  history: Pick<History, "created" | "waits" | "decided">;
  chances: Map<string, Chance>;
  /** When the run was created: milliseconds since 1970. */
  since: number;
  onFailure?: TaskOptions["onFailure"];
  attempt: number;
  around?: readonly string[] | undefined;
};

/** `now`: the controller's time. */
export type ToChild =
  | { kind: "start"; setting: Setting /** Encoded. */; params: string; now: number }
  /** The values of the events are in them, but for those that the graph never looks into. */
  | { kind: "turn"; events: Heard[]; now: number };

export type FromChild =
  | { kind: "turn"; turn: Turn; open: TaskId[] }
  /** Its event loop turns. */
  | { kind: "alive" };
