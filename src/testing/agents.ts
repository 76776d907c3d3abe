/** The agents' side of a trial: they claim tasks, run steps, report what came of them; a pipeline that they claim is a controller's. */
import { failureOf } from "../model/failure.ts";
import { sourceName } from "../model/print-expression.ts";
import { ended, type TaskId } from "../model/task.ts";
import { timeLimitFailure } from "../model/time-limit.ts";
import { createStepContext } from "../runtime/agent/executors/step-context.ts";
import type { Result } from "../runtime/ports.ts";
import type { VirtualClock } from "./clock.ts";
import type { Pending } from "./pending.ts";
import type { Products } from "./products.ts";
import type { Reports } from "./reports.ts";
import type { Steps } from "./steps.ts";
import { type NewTask, pathOf, type Tasks, type TestedTask } from "./tasks.ts";
import type { Work } from "./work.ts";

/** What agents ask of the controllers. */
export interface RunsOfPipelines {
  /** The run's next controller begins. */
  live(task: TestedTask): Promise<void>;
  /** Tasks of the run whose end its graph has not heard. */
  open(run: TaskId): TaskId[];
  /** The run's controller is not needed any more; of any other task it says nothing. */
  leave(run: TaskId): void;
}

type Surroundings = {
  tasks: Tasks;
  clock: VirtualClock;
  work: Work;
  steps: Steps;
  reports: Reports;
  products: Products;
  pending: Pending;
};

export class Agents {
  readonly #around: Surroundings;
  readonly #runs: () => RunsOfPipelines;
  readonly #queue: TestedTask[] = [];
  /** How to end what the world does for a task that runs. */
  readonly #stops = new Map<TaskId, (() => void)[]>();

  /** `runs`: asked for when it is needed, as each side needs the other. */
  constructor(around: Surroundings, runs: () => RunsOfPipelines) {
    this.#around = around;
    this.#runs = runs;
  }

  enqueue(task: NewTask): void {
    this.#queue.push(this.#around.tasks.create(task));
  }

  /** False where nothing is queued. */
  async claim(): Promise<boolean> {
    const task = this.#queue.shift();
    if (task?.status === "queued") await this.#begin(task);
    return task !== undefined;
  }

  /** The attempt has come to its end, which is reported when its turn comes. */
  end(task: TestedTask, result: Result): void {
    const { id, name, isStep, began } = task;
    const happen = () => this.#report(task, result);
    this.#stop(id);
    const held = { kind: isStep ? "step" : "pipeline", name: sourceName(name), path: pathOf(id) } as const;
    this.#around.pending.hold(id, { ...held, began, happen });
  }

  /** With whatever runs for it, at any depth. What has ended stays as it is. */
  abort(id: TaskId, reason: string): void {
    const { tasks, pending } = this.#around;
    const task = tasks.get(id);
    if (ended(task.status)) return;
    tasks.abort(task, reason);
    pending.drop(id);
    this.#stop(id);
    this.#runs().leave(id);
    for (const called of tasks.unendedOf(id)) this.abort(called.id, reason);
  }

  /** To be called when the attempt that runs now ends, or is ended. */
  whenOver(id: TaskId, stop: () => void): void {
    this.#stops.get(id)!.push(stop);
  }

  async #begin(task: TestedTask): Promise<void> {
    const { tasks, clock, steps } = this.#around;
    const { id, template, options } = task;
    tasks.claim(task);
    this.#stops.set(id, []);
    const limitMs = options.timeLimitMs;
    if (limitMs !== undefined)
      this.whenOver(
        id,
        clock.at(clock.now() + limitMs, () => this.#overLimit(task, limitMs)),
      );
    const error = template === undefined ? undefined : steps.takeFailure(template);
    if (error !== undefined) this.end(task, { outcome: "failed", failure: failureOf(error) });
    else if (template === undefined || steps.isRun(template)) await this.#runs().live(task);
    else this.#perform(task, template);
  }

  #perform(task: TestedTask, template: string): void {
    const { steps, work, reports, products } = this.#around;
    const { id, name, attempt, input } = task;
    // Of no time: its idempotency key is the same in each trial.
    const called = { id, name, attempt, createdAt: 0, spools: products.spool };
    const bound = createStepContext(called, reports.reporter(task));
    const perform = async () => {
      const result = await steps.perform({ ...called, template, input }, bound);
      await bound.close();
      return result;
    };
    const what = `the step "${sourceName(name)}" (${pathOf(id)})`;
    const abandon = work.begin(what, perform, (result) => this.end(task, result));
    this.whenOver(id, () => {
      if (abandon()) bound.abort();
    });
  }

  #report(task: TestedTask, result: Result): void {
    const { tasks, clock } = this.#around;
    const outcome = tasks.report(task, result);
    this.#runs().leave(task.id);
    if (outcome.outcome !== "retry") return;
    const { notBefore } = outcome;
    if (notBefore === undefined) this.#queue.push(task);
    else clock.at(notBefore, () => this.#queue.push(task));
  }

  #overLimit(task: TestedTask, limitMs: number): void {
    for (const id of this.#runs().open(task.id)) this.abort(id, "the pipeline ran longer than its time limit");
    this.#stop(task.id);
    this.#report(task, { outcome: "failed", failure: timeLimitFailure(task.isStep ? "code" : "controller", limitMs) });
  }

  #stop(id: TaskId): void {
    for (const stop of this.#stops.get(id) ?? []) stop();
    this.#stops.delete(id);
  }
}
