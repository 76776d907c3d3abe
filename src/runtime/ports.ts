/**
 * What the rooms of the runtime expect of each other. The embedded store implements these ports; so will Postgres and the hub's client, and
 * one test suite holds for all. Every promise resolves after the commit; times are milliseconds since 1970.
 */
import type { Hash } from "../model/hash.ts";
import type { TaskId } from "../model/task.ts";
import type { Artifacts } from "./ports/artifacts.ts";
import type { Blobs } from "./ports/blobs.ts";
import type { Cache } from "./ports/cache.ts";
import type { Checkpoints } from "./ports/checkpoints.ts";
import type { Events } from "./ports/events.ts";
import type { Figures } from "./ports/figures.ts";
import type { Logs } from "./ports/logs.ts";
import type { Metrics } from "./ports/metrics.ts";
import type { Provenances } from "./ports/provenance.ts";
import type { Queue } from "./ports/queue.ts";
import type { Runs } from "./ports/runs.ts";
import type { Tasks } from "./ports/tasks.ts";
import type { Tokens } from "./ports/tokens.ts";

export * from "./ports/artifacts.ts";
export * from "./ports/blobs.ts";
export * from "./ports/cache.ts";
export * from "./ports/checkpoints.ts";
export * from "./ports/errors.ts";
export * from "./ports/events.ts";
export * from "./ports/executor.ts";
export * from "./ports/figures.ts";
export * from "./ports/logs.ts";
export * from "./ports/metrics.ts";
export * from "./ports/provenance.ts";
export * from "./ports/queue.ts";
export * from "./ports/runs.ts";
export * from "./ports/tasks.ts";
export * from "./ports/tokens.ts";

export interface Store extends AsyncDisposable {
  readonly tasks: Tasks;
  readonly runs: Runs;
  readonly queue: Queue;
  readonly events: Events;
  readonly blobs: Blobs;
  readonly cache: Cache;
  readonly checkpoints: Checkpoints;
  readonly provenance: Provenances;
  readonly artifacts: Artifacts;
  readonly metrics: Metrics;
  readonly logs: Logs;
  readonly figures: Figures;
  readonly tokens: Tokens;
  /**
   * What `act` changes before it gives the event loop back is changed once by that name, whoever dies between the change and its answer: asked for again, it gives
   * what it gave. A change that is refused is not kept. Names are kept for a while, some ten thousands of them.
   */
  once<T>(name: string, act: () => Promise<T>): Promise<T>;
  /** Reads all of the database: it may take a while. */
  check(): Promise<Damage>;
  /** Removes what nothing refers to any more; other processes may go on meanwhile. */
  sweep(request: SweepRequest): Promise<Swept>;
  /** Commits what is pending and closes. */
  close(): Promise<void>;
}

/** What is wrong with the database, in its own words, and contents that are named and not there. */
export type Damage = { database: string[]; missing: Hash[] };

export type SweepRequest = {
  /** Only what was last written or asked for before that time, and at least an hour ago. */
  before: number;
  /** As if these tasks, and whatever ran for them, were gone. */
  without?: readonly TaskId[];
  dryRun?: boolean;
};

/** Pipelines that no task is left of, and contents, with their size. */
export type Swept = { pipelines: number; blobs: number; bytes: number };
