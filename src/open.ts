/**
 * The way in from a program: opens a store, brings agents, starts pipelines and hands out their runs. With the command line, this and `open/` are the one
 * place that wires the rooms together. What a program does not use is not loaded: the compiler only for a pipeline from source.
 */
import type { PipelineClass } from "./dsl/class/pipeline.ts";
import type { PipelineGraph } from "./dsl/graph/graph.ts";
import type { Pipeline } from "./model/pipeline.ts";
import type { Refresh } from "./model/refresh.ts";
import type { Resources } from "./model/resources.ts";
import type { TaskId } from "./model/task.ts";
import type { TaskHost } from "./model/task-handle.ts";
import { OpenStore } from "./open/open-store.ts";
import type { AgentOptions, Isolation } from "./open/own-agents.ts";
import type { Run } from "./runtime/controller/run.ts";
import type { Store } from "./runtime/ports.ts";
import type { PipelineFunction, SourceFile } from "./source.ts";
import { taskHostOn } from "./tasks/host.ts";
import { openPlace, placeOf } from "./tasks/place.ts";

export { plainArtifacts } from "./artifacts/plain.ts";
export { optimizeEarly } from "./model/early-optimization.ts";
export { ParamsError } from "./model/params.ts";
export { PipelineError } from "./model/pipeline.ts";
export { spareMemory } from "./model/spare-memory.ts";
export type { AgentOptions, Isolation } from "./open/own-agents.ts";
export type { Change } from "./runtime/controller/fold.ts";
export type { Run, RunOutcome } from "./runtime/controller/run.ts";
export type { RunState } from "./runtime/controller/state.ts";
export { ConflictError, StoreError } from "./runtime/ports.ts";
export type { SourceFile } from "./source.ts";

/** Which store, who serves it, and how much of it survives. */
export type OpenOptions = {
  /** Where tasks live: a folder, or the address of a hub; default: `REPRISE_STORE`, else `.reprise`. */
  store?: string;
  /**
   * Agents that serve the store while it is open. Without them every run that is started or resumed here brings its own; with none (`[]`) it
   * waits for agents elsewhere.
   */
  agents?: AgentOptions[];
  /** `normal` (the default): what was acknowledged survives the death of the process; `full`: also the loss of power. */
  durability?: "normal" | "full";
  /**
   * What a pipeline's body may compute between two results of steps, in units of about a tenth of a microsecond; default: ten million.
   * Bodies that compute longer are stopped.
   */
  budget?: number;
  /** For the agents that a run brings. */
  slots?: number;
  isolation?: Isolation;
  resources?: Resources;
};

/** How a run is named, and who runs it. */
export type StartOptions = {
  /** Names the run; where it is there already, it is joined. */
  id?: string;
  /** Enqueues the run there, for agents elsewhere, and brings none. */
  queue?: string;
  /** Does cached steps again: all, or those of these names. Joining a run, it changes nothing. */
  refresh?: Refresh;
  /** Where its sources lie, for the record of their state; default: beside the author's file, else the program's own folder. */
  folder?: string;
};

/** What a run that does another one again does otherwise. */
export type RerunOptions = {
  /**
   * A step of the earlier run: its path, or what it has without the numbers of turns, or its name for all its calls. It runs again, and what depends on it;
   * every other call that was completed with the same input takes its output from there. Without it, all of them run again.
   */
  from?: string;
  /** In place of those of the same names. */
  params?: Readonly<Record<string, unknown>>;
  /** Names the new run; where it is there already, it is joined. */
  id?: string;
  /** Enqueues the run there, for agents elsewhere, and brings none. */
  queue?: string;
};

type ResultOf<F extends PipelineFunction> = Awaited<ReturnType<F>>;
/** Params may be left out where the pipeline takes none, or all of them are optional. */
type StartArguments<F extends PipelineFunction> =
  Parameters<F> extends [infer Params, ...unknown[]]
    ? Taking<Params>
    : [params?: Parameters<F>[0] | undefined, options?: StartOptions];
type Taking<Params> =
  Record<never, never> extends Params
    ? [params?: Params, options?: StartOptions]
    : [params: Params, options?: StartOptions];

/** An open store: starts runs, goes on with them, looks on, and serves queues. `await using` closes it. */
export interface Reprise extends AsyncDisposable {
  readonly store: Store;
  /** Tasks, as `Task` has them in scripts: to find, clone, set, enqueue and await. */
  readonly tasks: TaskHost;
  /**
   * Starts a run. Rejects, and nothing is enqueued, with a CompileError, a PipelineError, a ParamsError, a RefreshError, or a ConflictError where the run's id is
   * taken by another pipeline or other params.
   *
   * @example
   * await using reprise = await open();
   * const run = await reprise.start(rerunUntilGood, { target: 0.97 }, { id: "tonight" });
   */
  start<F extends PipelineFunction>(
    pipeline: F | PipelineClass<F>,
    ...args: StartArguments<F>
  ): Promise<Run<ResultOf<F>>>;
  start<Params extends object, Result>(
    pipeline: PipelineGraph<Params, Result>,
    ...args: Taking<Params>
  ): Promise<Run<Result>>;
  start(pipeline: Pipeline | SourceFile, params?: unknown, options?: StartOptions): Promise<Run<unknown>>;
  /** Goes on with a run, wherever its process has ended. Of a run that has ended, gives the outcome. Rejects with a ConflictError where there is none. */
  resume(run: TaskId): Promise<Run<unknown>>;
  /**
   * Starts a new run of the same pipeline with the same params. Rejects with a ConflictError where there is no such run, or no such step in it, and with a
   * ParamsError.
   *
   * @example
   * await using reprise = await open();
   * const run = await reprise.start(rerunUntilGood, { target: 0.9 });
   * const better = await reprise.rerun(run, { from: "fit", params: { target: 0.97 } });
   */
  rerun<Result>(run: Run<Result>, options?: RerunOptions): Promise<Run<Result>>;
  rerun(run: TaskId, options?: RerunOptions): Promise<Run<unknown>>;
  /** Looks on, and brings no agents. Rejects with a ConflictError where there is no such run. */
  attach(run: TaskId): Promise<Run<unknown>>;
  /**
   * Stops the agents and closes the store. Runs that have not ended can be resumed; who waits for them here gets a StoreError. With `drain`, what the
   * agents run may finish first; runs of pipelines go on elsewhere.
   */
  close(options?: { drain?: boolean }): Promise<void>;
  /** Does anything go on that its own agents run? Also while it is being closed. */
  readonly isBusy: boolean;
  /** Rejects when the store fails under the agents, and when it is closed. */
  readonly broken: Promise<never>;
  /** Ends every process that runs a step, at once, for a program that is about to end. */
  kill(): void;
}

/**
 * Opens the store, or creates it: to start runs, to resume them, to look on, to serve queues. Rejects with a StoreError.
 *
 * @example
 * await using reprise = await open({ store: ".reprise" });
 * const run = await reprise.start(rerunUntilGood, { target: 0.97 });
 * console.log(await run.result());
 *
 * @example
 * await using agents = await open({ agents: [{ queues: ["gpu"], slots: 1 }] });
 */
export async function open(options: OpenOptions = {}): Promise<Reprise> {
  const place = placeOf(options.store);
  const broken = Promise.withResolvers<never>();
  const { durability } = options;
  const store = await openPlace(place, { ...(durability && { durability }), broken: broken.reject });
  return OpenStore.on(store, place, options, broken);
}

/**
 * The tasks where `REPRISE_STORE` says, else in `.reprise`: what `Task` speaks to in a script that nobody else provides for.
 *
 * @example
 * const [latest] = await (await taskHost()).query({ project: "examples", limit: 1 });
 */
export const taskHost = (): Promise<TaskHost> => taskHostIn();

/**
 * The tasks of that store: a folder, or the address of a hub; default: as `taskHost`.
 *
 * @example
 * const [latest] = await (await taskHostIn(".reprise")).query({ project: "examples", limit: 1 });
 */
export async function taskHostIn(store?: string): Promise<TaskHost> {
  const place = placeOf(store);
  return taskHostOn(await openPlace(place), place.folder);
}
