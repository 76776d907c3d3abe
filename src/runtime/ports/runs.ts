/** Runs of pipelines, and what their controllers commit. */
import type { Bundle } from "../../model/bundle.ts";
import type { CacheKey } from "../../model/cache.ts";
import type { Chance } from "../../model/chance.ts";
import type { Decided } from "../../model/decision.ts";
import type { Hash } from "../../model/hash.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Pipeline } from "../../model/pipeline.ts";
import type { Refresh } from "../../model/refresh.ts";
import type { Rerun } from "../../model/rerun.ts";
import type { Stored, Task, TaskId } from "../../model/task.ts";

/** Runs of pipelines, and what their controllers commit. */
export interface Runs {
  /**
   * Keeps the pipeline and its bundles, and its templates as draft tasks, unless they are there already. Gives its draft controller. The object is not changed
   * afterwards: it is known again.
   */
  register(pipeline: Pipeline): Promise<Registered>;
  pipeline(hash: Hash): Promise<Pipeline>;
  bundle(hash: Hash): Promise<Bundle>;
  /** Keeps a bundle that belongs to no pipeline. Gives its hash. */
  keepBundle(bundle: Bundle): Promise<Hash>;
  /**
   * Clones the draft controller and enqueues the clone. Where a run with that id exists, it is joined: `created` is false; another
   * pipeline or other params under that id are refused with a ConflictError. With `rerun`, its options are those of the earlier run.
   */
  start(
    controller: TaskId,
    run: { id: TaskId; params?: Stored; queue?: string; refresh?: Refresh; rerun?: Rerun },
  ): Promise<{ task: Task; created: boolean }>;
  /**
   * What the graph wants after a turn, in one transaction. A clone whose task exists is left as it is (a resumed controller asks
   * again). Refused with a LostLeaseError unless `attempt` is the running attempt of the run's controller.
   */
  turn(run: TaskId, attempt: number, commands: Command[]): Promise<void>;
  /**
   * The run's controller, and whatever runs for it and has not ended, at any depth, becomes aborted. False where the run had ended. A run that another
   * run called may be aborted too: its caller sees an AbortedError.
   */
  abort(run: TaskId, reason: string): Promise<boolean>;
  /** Sends a signal, which is kept until the body waits for it. False where the run had ended. Rejects with a ConflictError where there is none. */
  signal(run: TaskId, name: string, value?: Stored): Promise<boolean>;
  /** What the run's body has read of chance and time and its controllers have committed, by path. */
  chances(run: TaskId): Promise<Map<string, Chance>>;
}

export type Registered = {
  pipeline: Hash;
  /** The draft controller task. */
  controller: TaskId;
  /** Name of the template in the pipeline → the draft task that calls clone. Templates that are tasks of their own are not there. */
  templates: Map<string, TaskId>;
};

export type Command =
  | {
      kind: "clone";
      template: TaskId;
      path: string;
      input?: Stored;
      options?: Partial<TaskOptions>;
      cache?: CacheKey;
      /** Where that task is completed, its output is taken. */
      takes?: TaskId;
      whole?: boolean;
    }
  | { kind: "abort"; task: TaskId; reason: string }
  /** The body waits: see the event `waiting`. */
  | { kind: "wait"; path: string; until?: number; signal?: string; transient?: true }
  /** The time of a wait has come. */
  | { kind: "fire"; path: string }
  /** What the body has read of chance or time; a path that has a value keeps it. */
  | { kind: "chance"; path: string; value: Chance }
  /** The body has decided how to go on: becomes an event. */
  | ({ kind: "decision" } & Decided);
