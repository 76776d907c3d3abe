import type { Decided } from "../model/decision.ts";
import type { Event } from "../model/event.ts";
import { taskId } from "../model/identity.ts";
import { sourceName } from "../model/print-expression.ts";
import { decode } from "../model/value.ts";
import { errorForPeople } from "../runtime/controller/run.ts";
import { isOf, type Names } from "./names.ts";
import type { BodyOf, InputOf, NamesOf, OutputOf, StepOf, Subject } from "./subject.ts";
import { pathOf, root, type TestedTask } from "./tasks.ts";
import type { Trial } from "./trial.ts";

/** A call of a step, or of another pipeline, by the pipeline or by one that it called. */
export type TestedCall<Input = unknown, Output = unknown> = {
  /** Its name. */
  readonly step: string;
  /** Where in the run: `loop1[2]/fit`; within a called pipeline `prepare/measure`. */
  readonly path: string;
  readonly input: Input;
  /** `aborted`: the pipeline had ended, or its body aborted it. */
  readonly status: "completed" | "failed" | "aborted";
  /** Of a completed one. */
  readonly output?: Output;
  /** Of any other. */
  readonly error?: Error;
  /** Those that were begun. */
  readonly attempts: number;
};

/** `values`: what was weighed, by the author's words for it: `{ "score.accuracy": 0.73, target: 0.95 }`. */
export type TestedDecision = Decided & { readonly values: Readonly<Record<string, unknown>> };

/** What came of a pipeline in a test. */
export class Tested<S extends Subject> {
  readonly status: "completed" | "failed";
  /** What the pipeline failed with; undefined where it has completed. */
  readonly error: Error | undefined;
  /** In their order, those too that did not come to begin. */
  readonly calls: readonly TestedCall[];
  /** In their order: `decisions.map(({ explanation }) => explanation)` reads as the run went. */
  readonly decisions: readonly TestedDecision[];
  /** All that was recorded, as a run records it: the ids of tasks begin with `run`, times are virtual. */
  readonly events: readonly Event[];
  /** How many times the controllers died and others went on. */
  readonly resumes: number;
  /** From the beginning to the pipeline's end, in virtual time. */
  readonly elapsedMs: number;
  readonly #tasks: readonly TestedTask[];
  readonly #output: string | undefined;
  readonly #names: Names;

  constructor(trial: Trial, events: readonly Event[], names: Names) {
    const [run, ...tasks] = trial.tasks.all() as [TestedTask, ...TestedTask[]];
    this.status = run.status === "completed" ? "completed" : "failed";
    this.error = run.failure && errorForPeople(run.failure);
    this.#tasks = tasks;
    this.calls = tasks.map(callOf);
    this.decisions = events.flatMap((event) => (event.kind === "decision" ? [decisionOf(event, trial)] : []));
    this.events = events;
    this.resumes = trial.resumes;
    this.elapsedMs = endOf(events) - events[0]!.at;
    this.#output = run.output;
    this.#names = names;
  }

  /** The pipeline's result. Throws the pipeline's error where it failed. */
  get result(): OutputOf<BodyOf<S>> {
    if (this.error) throw this.error;
    return (this.#output && decode(this.#output)) as OutputOf<BodyOf<S>>;
  }

  /** The calls of that step. Throws a TestError where the pipeline has none of that name. */
  callsOf<Name extends NamesOf<S>>(
    name: Name,
  ): readonly TestedCall<InputOf<StepOf<S, Name>>, OutputOf<StepOf<S, Name>>>[] {
    const own = this.#names.find(name, "callsOf");
    return this.calls.filter((_, i) => isOf(own, this.#tasks[i]!.template!)) as never;
  }
}

function callOf({ id, name, input, status, output, failure, attempt }: TestedTask): TestedCall {
  return {
    step: sourceName(name),
    path: pathOf(id),
    input: input && decode(input),
    status: status as TestedCall["status"],
    ...(status === "completed" && { output: output && decode(output) }),
    ...(status !== "completed" && failure && { error: errorForPeople(failure) }),
    attempts: attempt,
  };
}

function decisionOf(event: Extract<Event, { kind: "decision" }>, { controllers }: Trial): TestedDecision {
  const { run, path, of, outcome, explanation } = event;
  return {
    path: pathOf(taskId(run, path)),
    ...{ of, outcome, explanation },
    values: controllers.weighed.get(run)?.get(path) ?? {},
  };
}

const endOf = (events: readonly Event[]): number =>
  events.find(({ task, kind }) => task === root && (kind === "completed" || kind === "failed"))!.at;
