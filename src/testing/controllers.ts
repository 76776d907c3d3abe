/** The controllers' side of a trial: their graphs hear what is recorded, and what they want is done. They may all die, and go on. */
import type { Event } from "../model/event.ts";
import { callsOf, taskId } from "../model/identity.ts";
import { maxNesting } from "../model/nesting.ts";
import { taskOptions } from "../model/options.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { TaskId } from "../model/task.ts";
import type { ChanceSources } from "../runtime/controller/chances.ts";
import { type Program, programOf } from "../runtime/controller/programs.ts";
import type { Outcome, Turn } from "../runtime/controller/running-graph.ts";
import type { Command, Result } from "../runtime/ports.ts";
import type { Agents, RunsOfPipelines } from "./agents.ts";
import type { VirtualClock } from "./clock.ts";
import type { Ledger } from "./ledger.ts";
import { Life, type Weighed } from "./life.ts";
import type { Pending } from "./pending.ts";
import type { Senders } from "./signals.ts";
import { pathOf, type Tasks, type TestedTask } from "./tasks.ts";
import type { Work } from "./work.ts";

type Surroundings = {
  ledger: Ledger;
  tasks: Tasks;
  clock: VirtualClock;
  chances: ChanceSources;
  senders: Senders;
  work: Work;
  pending: Pending;
};

export class Controllers implements RunsOfPipelines {
  /** What decisions weighed, by run. */
  readonly weighed = new Map<TaskId, Weighed>();
  readonly #pipeline: Pipeline;
  readonly #around: Surroundings;
  readonly #agents: Agents;
  readonly #programs = new Map<string | undefined, Omit<Program, "templates">>();
  readonly #lives = new Map<TaskId, Life>();
  /** The numbers of the events with which waits began. */
  readonly #began = new Map<string, number>();

  constructor(pipeline: Pipeline, around: Surroundings, agents: Agents) {
    this.#pipeline = pipeline;
    this.#around = around;
    this.#agents = agents;
  }

  async live(task: TestedTask): Promise<void> {
    const { id, input } = task;
    const weighed = this.weighed.get(id) ?? new Map();
    this.weighed.set(id, weighed);
    const run = { ...task, around: this.#depthReached(id), weighed };
    const life = await Life.open(run, this.#programOf(task), this.#around);
    this.#lives.set(id, life);
    for await (const turn of life.catchUp(input)) {
      this.#commit(life, turn);
      if (turn.kind === "settled") break;
    }
  }

  async hear(event: Event): Promise<void> {
    const life = this.#lives.get(event.run);
    const turn = await life?.hear(event);
    if (life !== undefined && turn !== undefined) this.#commit(life, turn);
  }

  open(run: TaskId): TaskId[] {
    return this.#lives.get(run)?.open() ?? [];
  }

  leave(run: TaskId): void {
    this.#lives.get(run)?.close();
    this.#lives.delete(run);
  }

  /** As if the process of all of them had ended at this moment, and another had come. */
  async crash(): Promise<void> {
    const { tasks, pending } = this.#around;
    const runs = [...this.#lives.keys()];
    for (const run of runs) {
      this.leave(run);
      pending.drop(run);
    }
    for (const run of runs) await this.live(tasks.get(run));
  }

  close(): void {
    for (const run of this.#lives.keys()) this.leave(run);
  }

  /** What a graph wants after a turn, as one transaction. */
  #commit(life: Life, turn: Turn): void {
    const { run } = life;
    for (const decision of turn.decisions) this.#obey(run, decision);
    for (const { template, path, input } of turn.clones) {
      const { options, kind } = this.#pipeline.templates[template]!;
      const id = taskId(run, path);
      const isStep = kind !== "pipeline";
      const whole = { ...taskOptions({}, "step"), ...options };
      this.#agents.enqueue({ id, run, template, isStep, name: template, options: whole, input });
    }
    for (const command of turn.commands) this.#obey(run, command);
    if (turn.kind === "settled") {
      for (const id of turn.aborts) this.#agents.abort(id, "the pipeline has ended");
      this.#agents.end(this.#around.tasks.get(run), resultOf(turn.outcome));
    } else if (turn.kind === "goes on") {
      for (const { path, until } of turn.alarms) this.#setAlarm(life, path, until);
      for (const path of turn.answered) life.silence(path);
    }
  }

  #obey(run: TaskId, command: Command): void {
    const { ledger } = this.#around;
    switch (command.kind) {
      case "decision":
        return ledger.append(run, run, command);
      case "chance":
        return ledger.keep(run, command.path, command.value);
      case "abort":
        return this.#agents.abort(command.task, command.reason);
      case "wait": {
        const { kind: _, ...wait } = command;
        ledger.append(run, run, { kind: "waiting", ...wait });
        this.#began.set(taskId(run, wait.path), ledger.events.length);
        if (wait.signal !== undefined) this.#ask(run, wait.path, wait.signal);
        return;
      }
      case "clone":
      case "fire":
        throw new Error(`a graph does not ask for "${command.kind}"`);
    }
  }

  /** Rung, it is one of the things that may happen. */
  #setAlarm(life: Life, path: string, until: number): void {
    const { clock, ledger, pending } = this.#around;
    const { run } = life;
    const id = taskId(run, path);
    const began = this.#began.get(id)!;
    const happen = () => ledger.append(run, run, { kind: "timer", path });
    const ring = () => pending.hold(id, { kind: "timer", name: path, path: pathOf(id), began, happen });
    const silence = clock.at(until, ring);
    life.alarms.set(path, () => {
      silence();
      pending.drop(id);
    });
  }

  /** Whoever sends the signal is asked for it, where there is somebody. */
  #ask(run: TaskId, path: string, name: string): void {
    const { tasks, senders, work, ledger, pending } = this.#around;
    if (!senders.has(name)) return;
    const id = taskId(run, path);
    const key = `the signal of ${id}`;
    const began = this.#began.get(id)!;
    const { graph } = this.#programOf(tasks.get(run));
    const send = (text: string | undefined) => {
      const value = text !== undefined && { value: { text } };
      const happen = () => ledger.append(run, run, { kind: "signal", name, ...value });
      pending.hold(key, { kind: "signal", name, path: pathOf(id), began, happen });
    };
    const abandon = work.begin(`the sender of the signal "${name}"`, () => senders.send(name, graph), send);
    this.#agents.whenOver(run, () => {
      abandon();
      pending.drop(key);
    });
  }

  #programOf({ template }: TestedTask): Omit<Program, "templates"> {
    const called = template === undefined ? undefined : this.#pipeline.templates[template];
    const definition = called?.kind === "pipeline" ? called.pipeline : undefined;
    const program = this.#programs.get(definition) ?? programOf(this.#pipeline, definition);
    this.#programs.set(definition, program);
    return program;
  }

  /** See `Callees`. */
  #depthReached(id: TaskId): string[] | undefined {
    const calls = callsOf(id);
    if (calls.length < maxNesting) return undefined;
    return calls.map((_, i) => this.#around.tasks.get(calls.slice(0, i + 1).join("/")).name);
  }
}

function resultOf(outcome: Outcome): Result {
  if (outcome.kind === "failed") return { outcome: "failed", failure: outcome.failure };
  return { outcome: "completed", ...(outcome.text !== undefined && { output: { text: outcome.text } }) };
}
