import type { Clock } from "../model/clock.ts";
import type { Event } from "../model/event.ts";
import type { TaskOptions } from "../model/options.ts";
import type { Earlier } from "../model/retry.ts";
import type { TaskId } from "../model/task.ts";
import { copy, decode } from "../model/value.ts";
import { type ChanceSources, Chances } from "../runtime/controller/chances.ts";
import { valuesOf } from "../runtime/controller/explain/values.ts";
import { Fuel } from "../runtime/controller/graph/fuel.ts";
import { type History, heardBy, type Listener, readHistory } from "../runtime/controller/history.ts";
import type { Program } from "../runtime/controller/programs.ts";
import { RunningGraph, type Turn } from "../runtime/controller/running-graph.ts";
import type { Ledger } from "./ledger.ts";

/** `earlier`: what became of the attempts at the run; `since`: the number of the event by which the last one failed, or 0. */
export type LivingRun = {
  id: TaskId;
  options: Pick<TaskOptions, "onFailure">;
  earlier: Earlier;
  since: number;
  /** See `Callees`. */
  around: readonly string[] | undefined;
  /** Is told of every decision. */
  weighed: Weighed;
};

/** What decisions weighed, by their paths. */
export type Weighed = Map<string, Record<string, unknown>>;

/**
 * A controller's life: the graph of a run, fed with what the ledger has of it. It holds no truth of its own: another life begins anew, hears what was
 * recorded, and is where the one before it was.
 */
export class Life {
  readonly run: TaskId;
  /** How to silence the alarms of its waits, by their paths. */
  readonly alarms = new Map<string, () => void>();
  readonly #graph: RunningGraph;
  readonly #listener: Listener;
  readonly #recorded: Pick<History, "heard" | "seq">;
  readonly #death = new AbortController();

  private constructor(listener: Listener, recorded: Pick<History, "heard" | "seq">, graph: RunningGraph) {
    this.run = listener.run;
    this.#listener = listener;
    this.#recorded = recorded;
    this.#graph = graph;
  }

  static async open(
    { id, options: { onFailure }, earlier, since, around, weighed }: LivingRun,
    program: Omit<Program, "templates">,
    { ledger, clock, chances }: { ledger: Ledger; clock: Clock; chances: ChanceSources },
  ): Promise<Life> {
    const attempt = earlier.failures + 1;
    const listener = { run: id, metrics: program.watches, attempt, since };
    const history = await readHistory(ledger, listener);
    const graph = new RunningGraph(id, program, {
      ...{ history, clock, blobs, around, attempt },
      ...(onFailure && { onFailure }),
      chances: new Chances(chances, ledger.chances(id)),
      fuel: new Fuel(),
      decided: (decision) => weighed.set(decision.path, kept(valuesOf(decision, program.loaded.texts))),
    });
    return new Life(listener, history, graph);
  }

  /** The turns up to where the run was left: of the beginning, and of each recorded event. `params` are encoded. */
  async *catchUp(params: string | undefined): AsyncGenerator<Turn> {
    yield await this.#graph.start(params === undefined ? undefined : decode(params));
    for (const event of this.#recorded.heard) yield await this.#graph.turn([event], this.#death.signal);
  }

  /** Undefined where the event is nothing to the graph, or among those that were recorded before this life. */
  async hear(event: Event): Promise<Turn | undefined> {
    const heard = event.seq > this.#recorded.seq ? heardBy(this.#listener, [event]) : [];
    return heard.length === 0 ? undefined : this.#graph.turn(heard, this.#death.signal);
  }

  /** Tasks whose end the graph has not heard. */
  open(): TaskId[] {
    return this.#graph.open();
  }

  /** The wait at that path is over. */
  silence(path: string): void {
    this.alarms.get(path)?.();
    this.alarms.delete(path);
  }

  close(): void {
    this.#death.abort();
    for (const path of this.alarms.keys()) this.silence(path);
    this.#graph.close();
  }
}

/** Here every value is kept with its event. */
const blobs = { get: () => Promise.reject(new Error("a value is missing in its event")) };

/** The body may change what it weighed; what cannot be copied says nothing to a test. */
function kept(values: Record<string, unknown>): Record<string, unknown> {
  const copies = Object.entries(values).flatMap(([name, value]) => {
    try {
      return [[name, copy(value)] as const];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(copies);
}
