/**
 * A run as people see it: an immutable snapshot, folded from the run's events, with patches for the terminal and the page. It is shaped as
 * small nested maps, so that no event costs more than its own small part of it, and it stays small: of a loop it keeps the last turns and
 * those in which something still waits or runs, and counts of the rest.
 */
import type { Decided } from "../../model/decision.ts";
import type { Failure } from "../../model/failure.ts";
import type { Amounts } from "../../model/resources.ts";
import type { Stored, TaskId, TaskStatus } from "../../model/task.ts";
import type { LoopTitles } from "./loop-titles.ts";
import type { Turns } from "./turns.ts";
import type { Waiting } from "./waiting.ts";

/** A run as people see it, at a moment: immutable. */
export type RunState = {
  readonly run: TaskId;
  readonly name: string;
  readonly status: TaskStatus;
  /** The controller's attempt: above 1 where the run was resumed, or retried. */
  readonly attempt: number;
  /** Its attempts that failed, or were aborted, and were followed by another one. */
  readonly failures: number;
  readonly createdAt?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** The encoded result. */
  readonly output?: Stored;
  readonly failure?: Failure;
  /** Why it was aborted. */
  readonly reason?: string;
  /** It waits in a queue that no agent serves. */
  readonly unserved?: { readonly queue: string };
  /** The sequence number of the last event that was folded in. */
  readonly seq: number;
  /** All tasks of the run, and of those that it called, by status, also those that are not kept. */
  readonly counts: Counts;
  /** Ids of the built-ins called with a function that starts steps: their turns run at the same time. */
  readonly fanOuts: readonly string[];
  readonly loops: LoopTitles;
  readonly body: RegionState;
  /** What the run, and those that it called, wait for besides tasks: see `openWaits`. */
  readonly waiting: Readonly<Waiting>;
};

export type Counts = Readonly<Record<TaskStatus, number>>;

/** What one activation, one turn or one run has started, in the order in which it appeared. */
export type RegionState = {
  readonly entries: Readonly<Record<string, EntryState>>;
  /** How many tasks in it have not ended, at any depth. */
  readonly open: number;
  /** The latest decisions of its branches. */
  readonly decisions?: readonly Decided[];
  /** What does not run, as something that it reads failed. */
  readonly skipped?: readonly Decided[];
};

export type EntryState = TaskState | TurnsState;

export type TaskState = {
  readonly kind: "task";
  readonly path: string;
  readonly name: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  /** The latest attempts that failed and were followed by another one. */
  readonly failures: readonly { readonly attempt: number; readonly failure: Failure }[];
  readonly failure?: Failure;
  readonly reason?: string;
  readonly queue?: string;
  /** No agent serves its queue, or none there has so much to give. */
  readonly unserved?: { readonly queue: string; readonly resources?: Amounts };
  /** The packages that it waits for. */
  readonly installing?: readonly string[];
  /** The earlier task whose output it took from the cache. */
  readonly cachedFrom?: TaskId;
  /** Not before this time, after a retry's delay. */
  readonly notBefore?: number;
  readonly progress?: number;
  /** The last point of each series, by `title/series`. */
  readonly scalars: Readonly<Record<string, ScalarState>>;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Of a pipeline that was called: what it has started itself. */
  readonly called?: CalledState;
};

export type CalledState = {
  /** All tasks in it by status, also those that are not kept. */
  readonly counts: Counts;
  readonly body: RegionState;
};

type ScalarState = {
  readonly title: string;
  readonly series: string;
  readonly value: number;
  readonly iteration: number;
};

/** What runs again and again: the turns of a loop or of a fan-out, the activations of a local function. */
export type TurnsState = {
  readonly kind: "loop" | "each" | "function";
  readonly id: string;
  /** The highest turn that has started something. */
  readonly latest: number;
  /** All tasks in all turns by status, also those that are not kept. */
  readonly counts: Counts;
  /** The numbers of the latest turns, which are kept also when they have ended. */
  readonly recent: readonly number[];
  /** See `turnsOf`. */
  readonly turns: Turns<RegionState>;
  /** The latest decisions of a loop for another turn, or for none. */
  readonly decisions?: readonly Decided[];
};

export const none: Counts = { draft: 0, queued: 0, running: 0, completed: 0, failed: 0, aborted: 0 };

/** A run of which nothing has happened yet. `fanOuts` are the ids of the pipeline's `each` nodes. */
export function initialState(run: TaskId, fanOuts: readonly string[] = [], loops: LoopTitles = {}): RunState {
  const body = { entries: {}, open: 0 };
  return {
    run,
    name: run,
    status: "draft",
    attempt: 0,
    failures: 0,
    seq: 0,
    counts: none,
    fanOuts,
    loops,
    body,
    waiting: {},
  };
}

/** Immer's own `Draft` loses itself in `Stored` and `Failure`, which are never changed in place. */
export type Draft<T> = T extends Stored | Failure | string | number | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? Draft<Item>[]
    : T extends object
      ? { -readonly [K in keyof T]: Draft<T[K]> }
      : T;
