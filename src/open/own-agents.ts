/** The agents of an open store: those that it was opened with, else those that each run which is started or resumed here brings. */
import { createRequire } from "node:module";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Pipeline } from "../model/pipeline.ts";
import { type Amounts, amountsOf, type Resources } from "../model/resources.ts";
import { ended, type Task, type TaskId } from "../model/task.ts";
import type { OpenOptions } from "../open.ts";
import { type Agent, createAgent } from "../runtime/agent/agent.ts";
import { commandExecutor } from "../runtime/agent/executors/command.ts";
import { inlineExecutor } from "../runtime/agent/executors/inline.ts";
import { scriptExecutor } from "../runtime/agent/executors/script.ts";
import { createPackageSets, type PackageSets } from "../runtime/agent/packages.ts";
import { createSecrets } from "../runtime/agent/secrets.ts";
import { controllerExecutor } from "../runtime/controller/executor.ts";
import { findTask } from "../runtime/controller/find-task.ts";
import { runOf, unended } from "../runtime/controller/run.ts";
import type { Executor, Store } from "../runtime/ports.ts";
import type { Place } from "../tasks/place.ts";
import type { Sources } from "./sources.ts";

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

const services = "services";

export type Surroundings = {
  store: Store;
  place: Place;
  options: OpenOptions;
  sources: Sources;
  /** Rejects when the store fails under the agents, and when it is closed. */
  broken: Promise<never>;
  failed(error: unknown): void;
};

export class OwnAgents {
  readonly #store: Store;
  readonly #place: Place;
  readonly #options: OpenOptions;
  readonly #sources: Sources;
  readonly #broken: Promise<never>;
  readonly #failed: (error: unknown) => void;
  readonly #agents = new Set<Agent>();
  #packageSets: PackageSets | undefined;

  constructor({ store, place, options, sources, broken, failed }: Surroundings) {
    this.#store = store;
    this.#place = place;
    this.#options = options;
    this.#sources = sources;
    this.#broken = broken;
    this.#failed = failed;
  }

  /** Those that the store was opened with. */
  async start(): Promise<void> {
    const shared = await Promise.all((this.#options.agents ?? []).map((agent) => this.#shared(agent)));
    // Whoever runs pipelines comes last: it may see at once whether their steps are served.
    for (const { ofSteps } of shared) if (ofSteps) await this.#startAgent(ofSteps);
    for (const { ofPipelines } of shared) if (ofPipelines) await this.#startAgent(ofPipelines);
  }

  /** Brings those of a run, until it has ended, where the store was opened without agents. What an earlier process left running is queued again as they start. */
  async serve(task: Task, pipeline: Pipeline): Promise<void> {
    if (this.#options.agents !== undefined) return;
    // What a run has detached may be left when it has ended.
    if (ended(task.status) && (await unended(this.#store, task.id)).size === 0) return;
    const { slots = availableParallelism(), isolation, resources } = this.#options;
    const executors = await this.#executors(slots, isolation);
    const waiting = executors.filter(({ waits }) => waits === true);
    const { ofPipelines, ofSteps } = lanes(task, pipeline, await queuesOfTasks(this.#store, pipeline));
    // In this order: they join in one transaction, and whoever runs the pipeline may see at once whether its steps are served.
    const agents = await Promise.all([
      this.#startAgent({ queues: ofSteps, slots, executors, run: task.id, resources: offered(resources) }),
      this.#startAgent({ queues: ofPipelines, slots, executors: waiting, run: task.id }),
    ]);
    // A run that is left waiting when the store closes needs no stopping: all agents are stopped then.
    runOf(this.#store, task.id, this.#broken)
      .finished()
      .then(
        () => Promise.all(agents.map((agent) => this.#end(agent))),
        () => {},
      );
  }

  get isBusy(): boolean {
    return [...this.#agents].some((agent) => agent.isBusy);
  }

  /** Ends every process that runs a step, at once. */
  kill(): void {
    for (const agent of this.#agents) agent.kill();
    this.#packageSets?.close();
  }

  /** With `drain`, what they run may finish. */
  async stop({ drain }: { drain: boolean }): Promise<void> {
    await Promise.all([...this.#agents].map((agent) => agent.stop({ drain })));
  }

  /** When nothing runs any more that could wait for packages. */
  closePackages(): void {
    this.#packageSets?.close();
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
    const agent = createAgent({ ...options, store: this.#store, onError: this.#failed });
    this.#agents.add(agent);
    await agent.start();
    return agent;
  }

  async #executors(slots: number, isolation: Isolation = "process", ahead = true): Promise<Executor[]> {
    const controllers = controllerExecutor(this.#store, {
      ...(this.#options.budget && { budget: this.#options.budget }),
    });
    const packageSets = this.#providePackages();
    const { name, folder } = this.#place;
    const options = { store: this.#store, bundleDir: join(folder, "bundles"), packageSets };
    const program = resolved("#script-process");
    const secrets = createSecrets(process.env.REPRISE_SECRETS || join(folder, "secrets.env"));
    const programs = [
      scriptExecutor({ ...options, place: name, program, secrets }),
      commandExecutor({ store: this.#store, place: name, secrets }),
    ];
    if (isolation === "inline") return [controllers, ...programs, inlineExecutor(options)];
    const { processExecutor } = await import("../runtime/agent/executors/process.ts");
    return [
      controllers,
      ...programs,
      processExecutor({
        ...options,
        slots,
        ahead,
        secrets,
        tasks: { module: pathToFileURL(resolved("reprise/runtime")).href, place: name },
      }),
    ];
  }

  /** One for all agents. Packages may be installed beside the sources of what was started here, wherever the store is. */
  #providePackages(): PackageSets {
    const folder = join(this.#place.folder, "packages");
    const nearby = () => [process.cwd(), ...this.#sources.folders];
    this.#packageSets ??= createPackageSets({ folder, nearby });
    return this.#packageSets;
  }

  async #end(agent: Agent): Promise<void> {
    await agent.stop({ drain: true }).catch(this.#failed);
    this.#agents.delete(agent);
  }
}

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

/** The file of what the package names, in its source or as it is built. */
const resolved = (name: string): string => createRequire(import.meta.url).resolve(name);

/** Memory in bytes. */
const offered = (resources: Resources = {}): Amounts => ({
  cpu: availableParallelism(),
  mem: totalmem(),
  ...amountsOf(resources),
});
