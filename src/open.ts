/**
 * The way in from a program: opens a store, brings agents, starts pipelines and hands out their runs. With the command line, this is the one
 * place that wires the rooms together. What a program does not use is not loaded: the compiler only for a pipeline from source.
 */
import { createRequire } from "node:module";
import { availableParallelism, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { PipelineClass } from "./dsl/class/pipeline.ts";
import { declarationOf } from "./dsl/declaration.ts";
import type { PipelineGraph } from "./dsl/graph/graph.ts";
import { rootOf } from "./model/identity.ts";
import { nearest } from "./model/nearest.ts";
import { checkParams } from "./model/params.ts";
import type { Pipeline } from "./model/pipeline.ts";
import type { Provenance } from "./model/provenance.ts";
import { checkRefresh, type Refresh } from "./model/refresh.ts";
import { type Amounts, amountsOf, type Resources } from "./model/resources.ts";
import { runId, runIdPattern } from "./model/run-id.ts";
import { type Code, ended, type Stored, type Task, type TaskId } from "./model/task.ts";
import type { TaskHost } from "./model/task-handle.ts";
import { encode } from "./model/value.ts";
import type { Agent } from "./runtime/agent/agent.ts";
import { lookForDead, rescue } from "./runtime/agent/lease.ts";
import type { PackageSets } from "./runtime/agent/packages.ts";
import { pathsOf } from "./runtime/controller/earlier-run.ts";
import { findTask } from "./runtime/controller/find-task.ts";
import { checkGiven, checkWhole, keepParameters, readParameters, takenBy } from "./runtime/controller/parameters.ts";
import { type Run, runOf, unended } from "./runtime/controller/run.ts";
import { keep } from "./runtime/controller/stored.ts";
import { checkTask } from "./runtime/controller/task-templates.ts";
import { ConflictError, type Executor, type Store, StoreError } from "./runtime/ports.ts";
import { openStore } from "./runtime/store/open.ts";
import { type PipelineFunction, type PipelineSource, pipelineOf, type SourceFile } from "./source.ts";
import { storeFolder } from "./tasks/folder.ts";
import { taskHostOn } from "./tasks/host.ts";
import { provenanceOf } from "./tasks/provenance.ts";
import { tellUnserved } from "./tasks/served.ts";

export { plainArtifacts } from "./artifacts/plain.ts";
export { optimizeEarly } from "./model/early-optimization.ts";
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
  resources?: Resources;
};

/** An agent: the queues that it serves, and how much at once. */
export type AgentOptions = {
  /** In order of priority; default: `default` and `services`. */
  queues?: string[];
  /** One task of each queue in turn, instead of all of the first queue before any of the second. */
  fair?: boolean;
  /** Steps at once; default: the cores of the machine. Pipelines, which wait for their steps, do not count. */
  slots?: number;
  isolation?: Isolation;
  /** What it gives to steps that need something, beside the machine's `cpu` and `mem`, or instead of them: `{ gpu: 1 }`. */
  resources?: Resources;
};

/** Whether steps run in the program's own process, or each in a forked one of a warm pool (the default). */
export type Isolation = "inline" | "process";

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
  const folder = storeFolder(options.store);
  const store = await openStore(folder, options.durability ? { durability: options.durability } : {});
  const opened = new OpenStore(store, folder, options);
  await opened.begin();
  return opened;
}

/**
 * The tasks where `REPRISE_STORE` says, else in `.reprise`: what `Task` speaks to in a script that nobody else provides for.
 *
 * @example
 * const [latest] = await (await taskHost()).query({ project: "examples", limit: 1 });
 */
export const taskHost = (): Promise<TaskHost> => taskHostIn(storeFolder());

/**
 * The tasks of the store in `folder`.
 *
 * @example
 * const [latest] = await (await taskHostIn(".reprise")).query({ project: "examples", limit: 1 });
 */
export async function taskHostIn(folder: string): Promise<TaskHost> {
  return taskHostOn(await openStore(folder), folder);
}

const services = "services";

class OpenStore implements Reprise {
  readonly store: Store;
  readonly tasks: TaskHost;
  readonly #folder: string;
  readonly #options: OpenOptions;
  readonly #agents = new Set<Agent>();
  /** By the folder of the sources. */
  readonly #provenances = new Map<string, { at: number; found: Promise<Provenance> }>();
  readonly #describing = new Set<Promise<void>>();
  readonly #broken = Promise.withResolvers<never>();
  /** Folders of what was started here. */
  readonly #sources = new Set<string>();
  #packageSets: Promise<PackageSets> | undefined;
  #stopLooking = () => {};
  #closed: Promise<void> | undefined;

  constructor(store: Store, folder: string, options: OpenOptions) {
    this.store = store;
    this.tasks = taskHostOn(store, folder);
    this.#folder = folder;
    this.#options = options;
    // Those who wait for a run hear of it; where nobody does, nothing is lost.
    this.#broken.promise.catch(() => {});
  }

  async begin(): Promise<void> {
    const shared = await Promise.all((this.#options.agents ?? []).map((agent) => this.#shared(agent)));
    // Whoever runs pipelines comes last: it may see at once whether their steps are served.
    for (const { ofSteps } of shared) if (ofSteps) await this.#startAgent(ofSteps);
    for (const { ofPipelines } of shared) if (ofPipelines) await this.#startAgent(ofPipelines);
    // Agents look themselves.
    if (shared.length === 0) this.#stopLooking = lookForDead(this.store, { failed: this.#fail });
  }

  async start(source: PipelineSource, given?: unknown, options: StartOptions = {}): Promise<Run<never>> {
    const { id = runId(Date.now()), queue, refresh, folder = folderOf(source) } = options;
    if (!runIdPattern.test(id))
      throw new ConflictError(
        `"${id}" cannot name a run: take up to 100 letters, digits, and ".", "_" or "-" between them`,
      );
    this.#sources.add(resolve(folder));
    const pipeline = await pipelineOf(source, join(this.#folder, "cache"));
    if (refresh !== undefined) checkRefresh(refresh, pipeline);
    const params = checkParams(pipeline.params, given);
    await checkTasks(this.store, pipeline, id);
    const input = params === undefined ? undefined : encode(params, `the params of pipeline "${pipeline.name}"`);
    const { task, created } = await this.#begin(pipeline, {
      id,
      ...(input !== undefined && { params: await keep(this.store.blobs, input) }),
      ...(queue !== undefined && { queue }),
      ...(refresh !== undefined && { refresh }),
    });
    if (created) this.#describe(id, folder);
    if (queue === undefined) await this.#serve(task, pipeline);
    else await tellUnserved(this.store, task);
    return this.#run(id);
  }

  async resume(run: TaskId): Promise<Run<unknown>> {
    const task = await this.#controller(run);
    if (task.run !== task.id)
      throw new ConflictError(`the run ${run} was called by ${task.run}: resume ${rootOf(run)}, and it goes on too`);
    if (this.#options.agents === undefined) await this.#serve(task, await this.store.runs.pipeline(task.code.pipeline));
    else await rescue(this.store, run);
    return this.#run(run);
  }

  async rerun(run: TaskId | Run<unknown>, options: RerunOptions = {}): Promise<Run<never>> {
    const { from, params, id = runId(Date.now()), queue } = options;
    const earlier = await this.#controller(typeof run === "string" ? run : run.id);
    const pipeline = await this.store.runs.pipeline(earlier.code.pipeline);
    const input = params === undefined ? earlier.input : await changedParams(this.store, earlier, params);
    const { task, created } = await this.store.runs.start(earlier.parent!, {
      id,
      ...(input !== undefined && { params: input }),
      ...(queue !== undefined && { queue }),
      rerun: { of: earlier.id, ...(from !== undefined && { from: await pathsOf(this.store, earlier.id, from) }) },
    });
    const provenance = await this.store.provenance.of(rootOf(earlier.id));
    if (created && provenance) await this.store.provenance.keep(id, provenance);
    if (queue === undefined) await this.#serve(task, pipeline);
    else await tellUnserved(this.store, task);
    return this.#run(id);
  }

  async attach(run: TaskId): Promise<Run<unknown>> {
    await this.#controller(run);
    return this.#run(run);
  }

  close({ drain = false }: { drain?: boolean } = {}): Promise<void> {
    this.#closed ??= this.#close(drain);
    return this.#closed;
  }

  get isBusy(): boolean {
    return [...this.#agents].some((agent) => agent.isBusy);
  }

  get broken(): Promise<never> {
    return this.#broken.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  kill(): void {
    for (const agent of this.#agents) agent.kill();
    void this.#packageSets?.then((sets) => sets.close());
  }

  /** A pipeline of which no run was left may have been pruned just now: then it is registered again. */
  async #begin(pipeline: Pipeline, run: Parameters<Store["runs"]["start"]>[1]) {
    const { controller } = await this.store.runs.register(pipeline);
    try {
      return await this.store.runs.start(controller, run);
    } catch (error) {
      if (await this.store.tasks.get(controller)) throw error;
      await this.store.runs.register(pipeline);
      return await this.store.runs.start(controller, run);
    }
  }

  /** Nobody waits for it but who closes the store. A program that starts many runs asks once in a while. */
  #describe(run: TaskId, folder: string): void {
    const known = this.#provenances.get(folder);
    const fresh =
      known && Date.now() - known.at < freshMs
        ? known
        : { at: Date.now(), found: provenanceOf(folder, this.store.blobs) };
    this.#provenances.set(folder, fresh);
    const kept = fresh.found
      .then((provenance) => this.store.provenance.keep(run, provenance))
      .catch(this.#fail)
      .finally(() => this.#describing.delete(kept));
    this.#describing.add(kept);
  }

  #run<Result>(id: TaskId): Run<Result> {
    return runOf(this.store, id, this.#broken.promise);
  }

  async #controller(run: TaskId): Promise<Controller> {
    const task = await this.store.tasks.get(run);
    if (task?.code.kind === "controller" && !task.template) return task as Controller;
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
    const { slots = availableParallelism(), isolation, resources } = this.#options;
    const executors = await this.#executors(slots, isolation);
    const waiting = executors.filter(({ waits }) => waits === true);
    const { ofPipelines, ofSteps } = lanes(task, pipeline, await queuesOfTasks(this.store, pipeline));
    // In this order: they join in one transaction, and whoever runs the pipeline may see at once whether its steps are served.
    const agents = await Promise.all([
      this.#startAgent({ queues: ofSteps, slots, executors, run: task.id, resources: offered(resources) }),
      this.#startAgent({ queues: ofPipelines, slots, executors: waiting, run: task.id }),
    ]);
    // A run that is left waiting when the store closes needs no stopping: all agents are stopped then.
    this.#run(task.id)
      .finished()
      .then(
        () => Promise.all(agents.map((agent) => this.#stop(agent))),
        () => {},
      );
  }

  /** Pipelines, which wait for their steps, have an agent of their own. */
  async #shared({
    queues = ["default", services],
    slots = availableParallelism(),
    isolation,
    resources,
    fair = false,
  }: AgentOptions): Promise<{ ofSteps?: AgentParts; ofPipelines?: AgentParts }> {
    const steps = queues.filter((queue) => queue !== services);
    // Where only pipelines are expected, a process for steps would be most of the memory.
    const executors = await this.#executors(slots, isolation, steps.length > 0);
    return {
      ...(steps.length > 0 && { ofSteps: { queues: steps, slots, executors, fair, resources: offered(resources) } }),
      ...(queues.includes(services) && { ofPipelines: { queues: [services], slots, executors } }),
    };
  }

  async #startAgent(options: AgentParts): Promise<Agent> {
    const { createAgent } = await import("./runtime/agent/agent.ts");
    const agent = createAgent({ ...options, store: this.store, onError: this.#fail });
    this.#agents.add(agent);
    await agent.start();
    return agent;
  }

  async #executors(slots: number, isolation: Isolation = "process", ahead = true): Promise<Executor[]> {
    const { controllerExecutor } = await import("./runtime/controller/executor.ts");
    const controllers = controllerExecutor(this.store, {
      ...(this.#options.budget && { budget: this.#options.budget }),
    });
    const packageSets = await this.#providePackages();
    const options = { store: this.store, bundleDir: join(this.#folder, "bundles"), packageSets };
    const { scriptExecutor } = await import("./runtime/agent/executors/script.ts");
    const program = resolved("#script-process");
    const { createSecrets } = await import("./runtime/agent/secrets.ts");
    const secrets = createSecrets(process.env.REPRISE_SECRETS || join(this.#folder, "secrets.env"));
    const { commandExecutor } = await import("./runtime/agent/executors/command.ts");
    const programs = [
      scriptExecutor({ ...options, folder: this.#folder, program, secrets }),
      commandExecutor({ store: this.store, folder: this.#folder, secrets }),
    ];
    if (isolation === "inline") {
      const { inlineExecutor } = await import("./runtime/agent/executors/inline.ts");
      return [controllers, ...programs, inlineExecutor(options)];
    }
    const { processExecutor } = await import("./runtime/agent/executors/process.ts");
    return [
      controllers,
      ...programs,
      processExecutor({
        ...options,
        slots,
        ahead,
        secrets,
        tasks: { module: pathToFileURL(resolved("reprise/runtime")).href, folder: this.#folder },
      }),
    ];
  }

  /** One for all agents. Packages may be installed beside the sources of what was started here, wherever the store is. */
  #providePackages(): Promise<PackageSets> {
    const folder = join(this.#folder, "packages");
    const nearby = () => [process.cwd(), ...this.#sources];
    this.#packageSets ??= import("./runtime/agent/packages.ts").then((agent) =>
      agent.createPackageSets({ folder, nearby }),
    );
    return this.#packageSets;
  }

  async #stop(agent: Agent): Promise<void> {
    await agent.stop({ drain: true }).catch(this.#fail);
    this.#agents.delete(agent);
  }

  async #close(drain: boolean): Promise<void> {
    this.#stopLooking();
    try {
      await Promise.all([...[...this.#agents].map((agent) => agent.stop({ drain })), ...this.#describing]);
    } finally {
      (await this.#packageSets)?.close();
      this.#fail(new StoreError(`the store ${this.#folder} was closed before the run had ended: it can be resumed`));
      await this.store.close();
    }
  }

  readonly #fail = (error: unknown): void => this.#broken.reject(error);
}

type Controller = Task & { code: Extract<Code, { kind: "controller" }> };

type AgentParts = {
  queues: string[];
  slots: number;
  executors: Executor[];
  fair?: boolean;
  run?: TaskId;
  resources?: Amounts;
};

/**
 * The queues of a run, those in which only pipelines wait apart from those of steps: an agent asks for more when it has a free slot, and pipelines
 * are not to wait until a step has ended.
 */
function lanes(task: Task, { templates }: Pipeline, ofTasks: string[]): { ofPipelines: string[]; ofSteps: string[] } {
  const queuesOf = (kind: "code" | "pipeline") =>
    Object.values(templates).flatMap((template) => (template.kind === kind ? template.options.queue : []));
  const ofSteps = new Set([...queuesOf("code"), ...ofTasks]);
  const ofPipelines = new Set([task.options.queue, ...queuesOf("pipeline")].filter((queue) => !ofSteps.has(queue)));
  return { ofPipelines: [...ofPipelines], ofSteps: [...ofSteps] };
}

/** Of those templates of a pipeline that are tasks of their own. One that is missing is said by the run itself. */
async function queuesOfTasks(store: Store, { templates }: Pipeline): Promise<string[]> {
  const queues = Object.values(templates).map(async (template) => {
    if (template.kind !== "task") return [];
    const found = await findTask(store, template.task).catch(() => undefined);
    return template.options.queue ?? found?.options.queue ?? [];
  });
  return (await Promise.all(queues)).flat();
}

/**
 * Rejects with a ParamsError where those could never fit what the pipeline declares of them. One that is missing may still be made before the run begins, and
 * a run that is there is joined.
 */
async function checkTasks(store: Store, { templates }: Pipeline, run: TaskId): Promise<void> {
  const ofTasks = Object.values(templates).filter((template) => template.kind === "task");
  if (ofTasks.length === 0 || (await store.tasks.get(run))) return;
  const unlessMissing = (error: unknown) => {
    if (!(error instanceof ConflictError)) throw error;
  };
  await Promise.all(ofTasks.map((template) => checkTask(store, template).catch(unlessMissing)));
}

/** The file of what the package names, in its source or as it is built. */
const resolved = (name: string): string => createRequire(import.meta.url).resolve(name);

/** Rejects with a ParamsError where the pipeline does not take them. */
async function changedParams(store: Store, run: Task, params: RerunOptions["params"]): Promise<Stored | undefined> {
  const taken = await takenBy(store, run);
  const parameters = checkGiven(taken, { ...(await readParameters(store, run.input)), ...params });
  checkWhole(taken, parameters);
  return keepParameters(store, parameters, run.name);
}

/** Memory in bytes. */
const offered = (resources: Resources = {}): Amounts => ({
  cpu: availableParallelism(),
  mem: totalmem(),
  ...amountsOf(resources),
});

/** So long what was found out of a folder is taken for its state. */
const freshMs = 10_000;

/** Of the author's file, else this process's. */
function folderOf(source: PipelineSource): string {
  const file = typeof source === "object" && "file" in source ? source.file : declarationOf(source)?.file;
  return file === undefined ? process.cwd() : dirname(resolve(file));
}
