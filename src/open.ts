/**
 * The way in from a program: opens a store, brings agents, starts pipelines and hands out their runs. With the command line, this is the one
 * place that wires the rooms together. What a program does not use is not loaded: the compiler only for a pipeline from source.
 */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { nearest } from "./model/nearest.ts";
import { checkParams } from "./model/params.ts";
import { admit, type Pipeline, print } from "./model/pipeline.ts";
import { runId, runIdPattern } from "./model/run-id.ts";
import { ended, type Task, type TaskId } from "./model/task.ts";
import { encode } from "./model/value.ts";
import type { Agent } from "./runtime/agent/agent.ts";
import { type Run, runOf } from "./runtime/controller/run.ts";
import { keep } from "./runtime/controller/stored.ts";
import { ConflictError, type Executor, type Store, StoreError } from "./runtime/ports.ts";
import { openStore } from "./runtime/store/open.ts";

export type OpenOptions = {
  /** The folder where tasks live; default: `REPRISE_STORE`, else `.reprise`. */
  store?: string;
  /**
   * Agents that serve the store while it is open. Without them every run that is started or resumed here brings its own; with none (`[]`) it
   * waits for agents elsewhere.
   */
  agents?: AgentOptions[];
  /** `normal` (the default): what was acknowledged survives the death of the process; `full`: also the loss of power. */
  durability?: "normal" | "full";
  /** For the agents that a run brings. */
  slots?: number;
  isolation?: Isolation;
};

export type AgentOptions = {
  /** In order of priority; default: `default` and `services`. */
  queues?: string[];
  /** Steps at once; default: the cores of the machine. Controllers mostly wait, and do not count. */
  slots?: number;
  isolation?: Isolation;
};

/** Whether steps run in the program's own process, or each in a forked one of a warm pool (the default). */
export type Isolation = "inline" | "process";

export type StartOptions = {
  /** Names the run; where it is there already, it is joined. */
  id?: string;
  /** Enqueues the run there, for agents elsewhere, and brings none. */
  queue?: string;
};

/** A file that holds a pipeline: TypeScript, which is compiled, and which of its pipelines, where it holds several. */
export type SourceFile = { file: string; pipeline?: string };

type PipelineFunction = (params: never) => Promise<unknown>;
type ResultOf<F extends PipelineFunction> = Awaited<ReturnType<F>>;
/** Params may be left out where the pipeline takes none, or all of them are optional. */
type StartArguments<F extends PipelineFunction> =
  Parameters<F> extends [infer Params, ...unknown[]]
    ? Record<never, never> extends Params
      ? [params?: Params, options?: StartOptions]
      : [params: Params, options?: StartOptions]
    : [params?: Parameters<F>[0] | undefined, options?: StartOptions];

export interface Reprise extends AsyncDisposable {
  readonly store: Store;
  /**
   * Starts a run. Rejects, and nothing is enqueued, with a CompileError, a PipelineError, a ParamsError, or a ConflictError where the run's id is
   * taken by another pipeline or other params.
   */
  start<F extends PipelineFunction>(pipeline: F, ...args: StartArguments<F>): Promise<Run<ResultOf<F>>>;
  start(pipeline: Pipeline | SourceFile, params?: unknown, options?: StartOptions): Promise<Run<unknown>>;
  /** Goes on with a run, wherever its process has ended. Of a run that has ended, gives the outcome. Rejects with a ConflictError where there is none. */
  resume(run: TaskId): Promise<Run<unknown>>;
  /** Looks on, and brings no agents. Rejects with a ConflictError where there is no such run. */
  attach(run: TaskId): Promise<Run<unknown>>;
  /** Stops the agents, in the middle of what they do: it can be resumed. Closes the store. */
  close(): Promise<void>;
  /** Ends every process that runs a step, at once, for a program that is about to end. */
  kill(): void;
}

/** Opens the store, or creates it. Rejects with a StoreError. */
export async function open(options: OpenOptions = {}): Promise<Reprise> {
  const folder = storeFolder(options.store);
  const store = await openStore(folder, options.durability ? { durability: options.durability } : {});
  const opened = new OpenStore(store, folder, options);
  await opened.begin();
  return opened;
}

function storeFolder(store = process.env.REPRISE_STORE || ".reprise"): string {
  if (/^[a-z]+:\/\//i.test(store))
    throw new StoreError(`the store ${store} is not a folder: this version of Reprise keeps tasks in a folder only`);
  return resolve(store);
}

/** Controllers mostly wait, so an agent runs many at once. */
const controllerSlots = 1_000;

class OpenStore implements Reprise {
  readonly store: Store;
  readonly #folder: string;
  readonly #options: OpenOptions;
  readonly #agents = new Set<Agent>();
  readonly #broken = Promise.withResolvers<never>();
  #closed: Promise<void> | undefined;

  constructor(store: Store, folder: string, options: OpenOptions) {
    this.store = store;
    this.#folder = folder;
    this.#options = options;
    // Those who wait for a run hear of it; where nobody does, nothing is lost.
    this.#broken.promise.catch(() => {});
  }

  async begin(): Promise<void> {
    for (const { queues = ["default", "services"], slots, isolation } of this.#options.agents ?? [])
      await this.#startAgents({ controllers: queues, steps: queues, slots, isolation });
  }

  async start(source: PipelineFunction | Pipeline | SourceFile, given?: unknown, options: StartOptions = {}): Promise<Run<never>> {
    const { id = runId(Date.now()), queue } = options;
    if (!runIdPattern.test(id))
      throw new ConflictError(`"${id}" cannot name a run: take up to 100 letters, digits, and ".", "_" or "-" between them`);
    const pipeline = await this.#pipeline(source);
    const params = checkParams(pipeline.params, given);
    const input = params === undefined ? undefined : encode(params, `the params of pipeline "${pipeline.name}"`);
    const { controller } = await this.store.runs.register(pipeline);
    const { task } = await this.store.runs.start(controller, {
      id,
      ...(input !== undefined && { params: await keep(this.store.blobs, input) }),
      ...(queue !== undefined && { queue }),
    });
    if (queue === undefined) await this.#serve(task, pipeline);
    return this.#run(id);
  }

  async resume(run: TaskId): Promise<Run<unknown>> {
    const task = await this.#controller(run);
    if (task.code.kind === "controller" && !ended(task.status)) {
      if (this.#options.agents === undefined) await this.#serve(task, await this.store.runs.pipeline(task.code.pipeline));
      else await this.#rescue(run);
    }
    return this.#run(run);
  }

  async attach(run: TaskId): Promise<Run<unknown>> {
    await this.#controller(run);
    return this.#run(run);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  kill(): void {
    for (const agent of this.#agents) agent.kill();
  }
}
