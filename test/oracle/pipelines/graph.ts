/** The graph's side: the compiled pipeline, its runs on a real store, each with a controller that can be stopped and started at any time. */
import type { Pipeline } from "../../../src/model/pipeline.ts";
import { ended, type TaskId } from "../../../src/model/task.ts";
import { decode, encode } from "../../../src/model/value.ts";
import { controllerExecutor } from "../../../src/runtime/controller/executor.ts";
import type { Claim, Result, Store } from "../../../src/runtime/ports.ts";
import { endOf, type Held, labelOf, type Side } from "./held.ts";

const agent = (id: string) => ({
  id,
  host: "",
  pid: 1,
  processStart: "",
  queues: ["services", "default"],
  slots: 1,
  leaseUntil: 0,
});

type Owned = Held & { task: TaskId };
type Outcome = (step: string, input: never) => Promise<unknown>;

export class Graph implements Side {
  held: Owned[] = [];
  #claims: Claim[] = [];
  readonly #store: Store;
  readonly #run: TaskId;
  readonly #outcome: Outcome;
  /** Runs whose controllers have begun. */
  readonly #begun: Set<TaskId>;
  readonly #ends = new Set<TaskId>();
  #calls: string[] = [];
  #lives = 0;
  #life: { id: string; stop: AbortController; waiting: Map<TaskId, Claim>; results: Promise<unknown>[] } | undefined;
  #end: string | undefined;
  readonly #results = new Map<TaskId, { result: Result; attempt: number; agent: string }>();

  constructor(store: Store, run: TaskId, outcome: Outcome) {
    this.#store = store;
    this.#run = run;
    this.#outcome = outcome;
    this.#begun = new Set([run]);
  }

  static async start(store: Store, pipeline: Pipeline, run: TaskId, params: unknown, outcome: Outcome): Promise<Graph> {
    // No file is read: everything then takes turns of the event loop and nothing else.
    store.runs.pipeline = async () => pipeline;
    const { controller } = await store.runs.register(pipeline);
    await store.queue.join(agent("steps"));
    await store.runs.start(controller, { id: run, params: { text: encode(params) } });
    const graph = new Graph(store, run, outcome);
    await graph.#begin();
    return graph;
  }

  newCalls(): string[] {
    const calls = this.#calls.map((label) => `call ${label}`);
    this.#calls = [];
    return calls;
  }

  end(): string | undefined {
    return this.#end;
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      await this.#claim();
    }
    const tasks = await this.#store.tasks.list({ run: this.#run });
    const order = new Map(tasks.map(({ id }, i) => [id, i]));
    for (const claim of this.#claims.sort((a, b) => order.get(a.task.id)! - order.get(b.task.id)!)) this.#hold(claim);
    this.#claims = [];
    const over = new Set(tasks.flatMap(({ id, status }) => (ended(status) ? id : [])));
    this.held = this.held.filter(({ task }) => !over.has(task));
  }

  /** As if every controller's process had ended at this moment, and another had come. */
  async restart(): Promise<void> {
    const { id, stop, results } = this.#life!;
    stop.abort();
    await Promise.all(results);
    await this.#store.queue.rescue((dead) => dead.id === id);
    await this.#begin();
    await this.settle();
  }

  async close(): Promise<void> {
    this.#life?.stop.abort();
    await Promise.all(this.#life?.results ?? []);
  }

  async #begin(): Promise<void> {
    this.#lives += 1;
    const id = `controllers ${this.#lives}`;
    this.#life = { id, stop: new AbortController(), waiting: new Map(), results: [] };
    await this.#store.queue.join(agent(id));
  }

  async #claim(): Promise<void> {
    const { id, waiting } = this.#life!;
    const request = { limit: 1_000, run: this.#run };
    const { claims: controllers } = await this.#store.queue.claim({ ...request, agent: id, queues: ["services"] });
    for (const claim of controllers) {
      const run = claim.task.id;
      if (this.#begun.has(run)) this.#control(claim);
      else {
        waiting.set(run, claim);
        if (claim.attempt === 1) this.#claims.push(claim);
      }
    }
    const { claims: steps } = await this.#store.queue.claim({ ...request, agent: "steps", queues: ["default"] });
    this.#claims.push(...steps);
  }

  #hold(claim: Claim): void {
    const { id, name, code } = claim.task;
    const label = labelOf(name, inputOf(claim.task));
    this.#calls.push(label);
    if (code.kind === "code") this.held.push({ label, task: id, release: () => this.#endStep(claim) });
    else this.held.push({ label: `beginning of ${label}`, task: id, release: () => this.#beginRun(id) });
  }

  #beginRun(run: TaskId): void {
    const { waiting } = this.#life!;
    this.#begun.add(run);
    this.#control(waiting.get(run)!);
    waiting.delete(run);
  }

  async #endStep({ task, attempt }: Claim): Promise<void> {
    const report = { task: task.id, attempt, agent: "steps" };
    const ended = await this.#outcome(task.name, inputOf(task) as never).then(
      (value) => ({ outcome: "completed", output: { text: encode(value) } }) as const,
      ({ name, message }: Error) => ({ outcome: "failed", failure: { name, message } }) as const,
    );
    await this.#store.queue.report({ ...report, ...ended });
  }

  #control(claim: Claim): void {
    const life = this.#life!;
    const { id, stop, results } = life;
    const { task, attempt } = claim;
    const result = controllerExecutor(this.#store).execute(claim, stop.signal);
    const note = async (result: Result) => {
      if (this.#life !== life || stop.signal.aborted) return;
      if (task.id === this.#run) this.#end = endOfRun(result);
      else if (!this.#ends.has(task.id)) {
        this.#ends.add(task.id);
        const label = `end of ${labelOf(task.name, inputOf(task))}`;
        this.held.push({ label, task: task.id, release: () => this.#endRun(task.id) });
      }
      this.#results.set(task.id, { result, attempt, agent: id });
      if (task.id === this.#run) await this.#endRun(task.id);
    };
    results.push(result.then(note));
  }

  async #endRun(task: TaskId): Promise<void> {
    const { result, ...who } = this.#results.get(task)!;
    await this.#store.queue.report({ task, ...who, ...result });
  }
}

const inputOf = ({ input }: Claim["task"]): unknown => (input && "text" in input ? decode(input.text) : undefined);

function endOfRun(result: Result): string {
  if (result.outcome === "failed") return endOf.thrown(result.failure);
  return endOf.returned(result.output && "text" in result.output ? decode(result.output.text) : undefined);
}
