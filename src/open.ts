/**
 * The way in from a program: opens a store, brings agents, starts pipelines and hands out their runs. With the command line, this is the one
 * place that wires the rooms together. What a program does not use is not loaded: the compiler only for a pipeline from source.
 */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { PipelineClass } from "./dsl/class/pipeline.ts";
import type { PipelineGraph } from "./dsl/graph/graph.ts";
import { rootOf } from "./model/identity.ts";
import { nearest } from "./model/nearest.ts";
import { checkParams } from "./model/params.ts";
import type { Pipeline } from "./model/pipeline.ts";
import { runId, runIdPattern } from "./model/run-id.ts";
import { ended, type Task, type TaskId } from "./model/task.ts";
import type { Template } from "./model/template.ts";
import { encode } from "./model/value.ts";
import type { Agent } from "./runtime/agent/agent.ts";
import { rescue } from "./runtime/agent/lease.ts";
import { type Run, runOf, unended } from "./runtime/controller/run.ts";
import { keep } from "./runtime/controller/stored.ts";
import { ConflictError, type Executor, type Store, StoreError } from "./runtime/ports.ts";
import { openStore } from "./runtime/store/open.ts";
import { type PipelineFunction, type PipelineSource, pipelineOf, type SourceFile } from "./source.ts";

export { ParamsError } from "./model/params.ts";
export { PipelineError } from "./model/pipeline.ts";
export type { Change } from "./runtime/controller/fold.ts";
export type { Run, RunOutcome } from "./runtime/controller/run.ts";
export type { RunState } from "./runtime/controller/state.ts";
export { ConflictError, StoreError } from "./runtime/ports.ts";
export type { SourceFile } from "./source.ts";

/** Which store, who serves it, and how much of it survives. */
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
  /**
   * What a pipeline's body may compute between two results of steps, in units of about a tenth of a microsecond; default: ten million.
   * Bodies that compute longer are stopped.
   */
  budget?: number;
  /** For the agents that a run brings. */
  slots?: number;
  isolation?: Isolation;
};

/** An agent: the queues that it serves, and how much at once. */
export type AgentOptions = {
  /** In order of priority; default: `default` and `services`. */
  queues?: string[];
  /** Steps at once; default: the cores of the machine. Pipelines, which wait for their steps, do not count. */
  slots?: number;
  isolation?: Isolation;
};

/** Whether steps run in the program's own process, or each in a forked one of a warm pool (the default). */
export type Isolation = "inline" | "process";

/** How a run is named, and who runs it. */
export type StartOptions = {
  /** Names the run; where it is there already, it is joined. */
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
  /**
   * Starts a run. Rejects, and nothing is enqueued, with a CompileError, a PipelineError, a ParamsError, or a ConflictError where the run's id is
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
  /** Looks on, and brings no agents. Rejects with a ConflictError where there is no such run. */
  attach(run: TaskId): Promise<Run<unknown>>;
  /** Stops the agents and closes the store. Runs that have not ended can be resumed; who waits for them here gets a StoreError. */
  close(): Promise<void>;
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

const services = "services";

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
    for (const agent of this.#options.agents ?? []) await this.#startShared(agent);
  }

  async start(source: PipelineSource, given?: unknown, options: StartOptions = {}): Promise<Run<never>> {
    const { id = runId(Date.now()), queue } = options;
    if (!runIdPattern.test(id))
      throw new ConflictError(
        `"${id}" cannot name a run: take up to 100 letters, digits, and ".", "_" or "-" between them`,
      );
    const pipeline = await pipelineOf(source, join(this.#folder, "cache"));
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
    if (task.run !== task.id)
      throw new ConflictError(`the run ${run} was called by ${task.run}: resume ${rootOf(run)}, and it goes on too`);
    if (task.code.kind === "controller") {
      if (this.#options.agents === undefined)
        await this.#serve(task, await this.store.runs.pipeline(task.code.pipeline));
      else await rescue(this.store, run);
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

  #run<Result>(id: TaskId): Run<Result> {
    return runOf(this.store, id, this.#broken.promise);
  }

  async #controller(run: TaskId): Promise<Task> {
    const task = await this.store.tasks.get(run);
    if (task?.code.kind === "controller" && !task.template) return task;
    const runs = (await this.store.tasks.list({ topLevel: true, type: "controller" })).map(({ id }) => id);
    const meant = nearest(run, runs);
    const help = meant ? `: did you mean "${meant}"?` : ": `reprise tasks --type controller` lists those that are";
    throw new ConflictError(`there is no run "${run}" in the store ${this.#folder}${help}`);
  }

  /** What an earlier process left running is queued again as the agent starts. */
  async #serve(task: Task, pipeline: Pipeline): Promise<void> {
    if (this.#options.agents !== undefined) return;
    // What a run has detached may be left when it has ended.
    if (ended(task.status) && (await unended(this.store, task.id)).size === 0) return;
    const { slots = availableParallelism(), isolation } = this.#options;
    const executors = await this.#executors(slots, isolation);
    const waiting = executors.filter(({ waits }) => waits);
    const { ofPipelines, ofSteps } = lanes(task, pipeline);
    const agents = await Promise.all([
      this.#startAgent({ queues: ofPipelines, slots, executors: waiting, run: task.id }),
      this.#startAgent({ queues: ofSteps, slots, executors, run: task.id }),
    ]);
    // A run that is left waiting when the store closes needs no stopping: all agents are stopped then.
    this.#run(task.id)
      .finished()
      .then(
        () => Promise.all(agents.map((agent) => this.#stop(agent))),
        () => {},
      );
  }

  async #startShared({
    queues = ["default", services],
    slots = availableParallelism(),
    isolation,
  }: AgentOptions): Promise<void> {
    const executors = await this.#executors(slots, isolation);
    const ofSteps = queues.filter((queue) => queue !== services);
    if (queues.includes(services)) await this.#startAgent({ queues: [services], slots, executors });
    if (ofSteps.length > 0) await this.#startAgent({ queues: ofSteps, slots, executors });
  }

  async #startAgent(options: { queues: string[]; slots: number; executors: Executor[]; run?: TaskId }): Promise<Agent> {
    const { createAgent } = await import("./runtime/agent/agent.ts");
    const agent = createAgent({ ...options, store: this.store, onError: this.#fail });
    this.#agents.add(agent);
    await agent.start();
    return agent;
  }

  async #executors(slots: number, isolation: Isolation = "process"): Promise<Executor[]> {
    const { controllerExecutor } = await import("./runtime/controller/executor.ts");
    const controllers = controllerExecutor(this.store, this.#options.budget ? { budget: this.#options.budget } : {});
    const options = { store: this.store, bundleDir: join(this.#folder, "bundles") };
    if (isolation === "inline") {
      const { inlineExecutor } = await import("./runtime/agent/executors/inline.ts");
      return [controllers, inlineExecutor(options)];
    }
    const { processExecutor } = await import("./runtime/agent/executors/process.ts");
    return [controllers, processExecutor({ ...options, slots })];
  }

  async #stop(agent: Agent): Promise<void> {
    await agent.stop({ drain: true }).catch(this.#fail);
    this.#agents.delete(agent);
  }

  async #close(): Promise<void> {
    try {
      await Promise.all([...this.#agents].map((agent) => agent.stop()));
    } finally {
      this.#fail(new StoreError(`the store ${this.#folder} was closed before the run had ended: it can be resumed`));
      await this.store.close();
    }
  }

  readonly #fail = (error: unknown): void => this.#broken.reject(error);
}

/**
 * The queues of a run, those in which only pipelines wait apart from those of steps: an agent asks for more when it has a free slot, and pipelines
 * are not to wait until a step has ended.
 */
function lanes(task: Task, { templates }: Pipeline): { ofPipelines: string[]; ofSteps: string[] } {
  const queuesOf = (kind: Template["kind"]) =>
    Object.values(templates).flatMap((template) => (template.kind === kind ? template.options.queue : []));
  const ofSteps = new Set(queuesOf("code"));
  const ofPipelines = new Set([task.options.queue, ...queuesOf("pipeline")].filter((queue) => !ofSteps.has(queue)));
  return { ofPipelines: [...ofPipelines], ofSteps: [...ofSteps] };
}
