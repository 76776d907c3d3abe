import { abortedName, type Failure, isLoss, timeLimitName } from "../model/failure.ts";
import type { TaskOptions } from "../model/options.ts";
import type { Earlier } from "../model/retry.ts";
import { ended, type TaskId, type TaskStatus } from "../model/task.ts";
import { outcomeOf } from "../runtime/agent/outcome.ts";
import type { Outcome, Result } from "../runtime/ports.ts";
import type { VirtualClock } from "./clock.ts";
import type { Ledger } from "./ledger.ts";

export type TestedTask = {
  readonly id: TaskId;
  /** The run that it is for; the outermost run is its own. */
  readonly run: TaskId;
  /** Of the call, in the pipeline's JSON; the outermost run has none. */
  readonly template: string | undefined;
  /** Else it is a pipeline. */
  readonly isStep: boolean;
  readonly name: string;
  readonly options: TaskOptions;
  /** Encoded. */
  readonly input: string | undefined;
  /** The number of the event with which it began. */
  readonly began: number;
  status: TaskStatus;
  /** The latest attempt, from 1. */
  attempt: number;
  earlier: Earlier;
  /** The number of the event by which the last attempt failed that another follows; 0 where none did. */
  since: number;
  /** Encoded. */
  output?: string;
  failure?: Failure;
};

export type NewTask = Pick<TestedTask, "id" | "run" | "template" | "isStep" | "name" | "options" | "input">;

/** The id of the outermost run. */
export const root = "run";

/** `loop1[2]/fit`, and what a called pipeline calls under its own path. */
export const pathOf = (id: TaskId): string => id.slice(root.length + 1);

/** The tasks of a trial; each of their moves is an event. */
export class Tasks {
  readonly #tasks = new Map<TaskId, TestedTask>();
  readonly #ledger: Ledger;
  readonly #clock: VirtualClock;

  constructor(ledger: Ledger, clock: VirtualClock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  create(task: NewTask): TestedTask {
    const { run, id, name, options } = task;
    this.#ledger.append(run, id, { kind: "created", name });
    const began = this.#ledger.events.length;
    const created: TestedTask = { ...task, began, status: "queued", attempt: 0, earlier: none, since: 0 };
    this.#tasks.set(id, created);
    this.#ledger.append(run, id, { kind: "queued", queue: options.queue });
    return created;
  }

  get(id: TaskId): TestedTask {
    return this.#tasks.get(id)!;
  }

  /** In the order of their creation. */
  all(): TestedTask[] {
    return [...this.#tasks.values()];
  }

  /** Those that a run called itself, and that have not ended. */
  unendedOf(run: TaskId): TestedTask[] {
    return this.all().filter((task) => task.run === run && task.id !== run && !ended(task.status));
  }

  claim(task: TestedTask): void {
    task.status = "running";
    task.attempt += 1;
    this.#ledger.append(task.run, task.id, { kind: "running", attempt: task.attempt, agent: "test" });
  }

  /** Gives what became of the attempt: the task has ended, or is queued again. */
  report(task: TestedTask, result: Result): Outcome {
    const { run, id, attempt, earlier } = task;
    const outcome = outcomeOf(result, { task, earlier }, this.#clock.now());
    switch (outcome.outcome) {
      case "completed": {
        const { output } = outcome;
        task.status = "completed";
        if (output && "text" in output) task.output = output.text;
        this.#ledger.append(run, id, { kind: "completed", attempt, ...(output && { output }) });
        break;
      }
      case "failed":
        task.status = "failed";
        task.failure = outcome.failure;
        this.#ledger.append(run, id, { kind: "failed", attempt, failure: outcome.failure });
        break;
      case "retry": {
        const { failure, notBefore } = outcome;
        task.status = "queued";
        task.earlier = after(earlier, failure);
        this.#ledger.append(run, id, {
          ...{ kind: "retrying", attempt, failure },
          ...(notBefore !== undefined && { notBefore }),
        });
        task.since = this.#ledger.events.length;
      }
    }
    return outcome;
  }

  abort(task: TestedTask, reason: string): void {
    task.status = "aborted";
    task.failure = { name: abortedName, message: reason };
    this.#ledger.append(task.run, task.id, { kind: "aborted", reason });
  }
}

const none: Earlier = { failures: 0, timedOut: 0, lost: 0 };

function after({ failures, timedOut, lost }: Earlier, failure: Failure): Earlier {
  if (isLoss(failure)) return { failures, timedOut, lost: lost + 1 };
  return { failures: failures + 1, timedOut: timedOut + (failure.name === timeLimitName ? 1 : 0), lost };
}
