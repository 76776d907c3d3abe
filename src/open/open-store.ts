/** A store that is open: starts runs, goes on with them, looks on. */
import { join } from "node:path";
import { rootOf } from "../model/identity.ts";
import { nearest } from "../model/nearest.ts";
import { checkParams } from "../model/params.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { checkRefresh } from "../model/refresh.ts";
import { runId, runIdPattern } from "../model/run-id.ts";
import type { Code, Stored, Task, TaskId } from "../model/task.ts";
import type { TaskHost } from "../model/task-handle.ts";
import { encode } from "../model/value.ts";
import type { OpenOptions, Reprise, RerunOptions, StartOptions } from "../open.ts";
import { lookForDead, rescue } from "../runtime/agent/lease.ts";
import { pathsOf } from "../runtime/controller/earlier-run.ts";
import { checkGiven, checkWhole, keepParameters, readParameters, takenBy } from "../runtime/controller/parameters.ts";
import { type Run, runOf } from "../runtime/controller/run.ts";
import { keep } from "../runtime/controller/stored.ts";
import { checkTask } from "../runtime/controller/task-templates.ts";
import { ConflictError, type Store, StoreError } from "../runtime/ports.ts";
import { type PipelineSource, pipelineOf } from "../source.ts";
import { taskHostOn } from "../tasks/host.ts";
import type { Place } from "../tasks/place.ts";
import { tellUnserved } from "../tasks/served.ts";
import { OwnAgents } from "./own-agents.ts";
import { folderOf, Sources } from "./sources.ts";

export class OpenStore implements Reprise {
  readonly store: Store;
  readonly tasks: TaskHost;
  readonly #place: Place;
  readonly #options: OpenOptions;
  readonly #agents: OwnAgents;
  readonly #sources: Sources;
  readonly #broken: PromiseWithResolvers<never>;
  #stopLooking = () => {};
  #closed: Promise<void> | undefined;

  private constructor(store: Store, place: Place, options: OpenOptions, broken: PromiseWithResolvers<never>) {
    this.store = store;
    this.tasks = taskHostOn(store, place.folder);
    this.#place = place;
    this.#options = options;
    this.#broken = broken;
    this.#sources = new Sources(store, this.#fail);
    const { promise } = broken;
    // Those who wait for a run hear of it; where nobody does, nothing is lost.
    promise.catch(() => {});
    this.#agents = new OwnAgents({
      store,
      place,
      options,
      sources: this.#sources,
      broken: promise,
      failed: this.#fail,
    });
  }

  /** With its agents, which have joined then. `broken` is rejected when the store fails, and when it is closed. */
  static async on(
    store: Store,
    place: Place,
    options: OpenOptions,
    broken: PromiseWithResolvers<never>,
  ): Promise<OpenStore> {
    const opened = new OpenStore(store, place, options, broken);
    await opened.#agents.start();
    // Agents look themselves.
    if ((options.agents ?? []).length === 0) opened.#stopLooking = lookForDead(store, { failed: opened.#fail });
    return opened;
  }

  async start(source: PipelineSource, given?: unknown, options: StartOptions = {}): Promise<Run<never>> {
    const { id = runId(Date.now()), queue, refresh, folder = folderOf(source) } = options;
    if (!runIdPattern.test(id))
      throw new ConflictError(
        `"${id}" cannot name a run: take up to 100 letters, digits, and ".", "_" or "-" between them`,
      );
    this.#sources.add(folder);
    const pipeline = await pipelineOf(source, join(this.#place.folder, "cache"));
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
    if (created) this.#sources.describe(id, folder);
    if (queue === undefined) await this.#agents.serve(task, pipeline);
    else await tellUnserved(this.store, task);
    return this.#run(id);
  }

  async resume(run: TaskId): Promise<Run<unknown>> {
    const task = await this.#controller(run);
    if (task.run !== task.id)
      throw new ConflictError(`the run ${run} was called by ${task.run}: resume ${rootOf(run)}, and it goes on too`);
    if (this.#options.agents === undefined)
      await this.#agents.serve(task, await this.store.runs.pipeline(task.code.pipeline));
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
    if (queue === undefined) await this.#agents.serve(task, pipeline);
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
    return this.#agents.isBusy;
  }

  get broken(): Promise<never> {
    return this.#broken.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  kill(): void {
    this.#agents.kill();
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

  #run<Result>(id: TaskId): Run<Result> {
    return runOf(this.store, id, this.#broken.promise);
  }

  async #controller(run: TaskId): Promise<Controller> {
    const task = await this.store.tasks.get(run);
    if (task?.code.kind === "controller" && !task.template) return task as Controller;
    const runs = (await this.store.tasks.list({ topLevel: true, type: "controller" })).map(({ id }) => id);
    const meant = nearest(run, runs);
    const help = meant ? `: did you mean "${meant}"?` : ": `reprise tasks --type controller` lists those that are";
    throw new ConflictError(`there is no run "${run}" in the store ${this.#place.name}${help}`);
  }

  async #close(drain: boolean): Promise<void> {
    this.#stopLooking();
    try {
      await Promise.all([this.#agents.stop({ drain }), this.#sources.described()]);
    } finally {
      this.#agents.closePackages();
      this.#fail(
        new StoreError(`the store ${this.#place.name} was closed before the run had ended: it can be resumed`),
      );
      await this.store.close();
    }
  }

  readonly #fail = (error: unknown): void => this.#broken.reject(error);
}

type Controller = Task & { code: Extract<Code, { kind: "controller" }> };

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

/** Rejects with a ParamsError where the pipeline does not take them. */
async function changedParams(store: Store, run: Task, params: RerunOptions["params"]): Promise<Stored | undefined> {
  const taken = await takenBy(store, run);
  const parameters = checkGiven(taken, { ...(await readParameters(store, run.input)), ...params });
  checkWhole(taken, parameters);
  return keepParameters(store, parameters, run.name);
}
