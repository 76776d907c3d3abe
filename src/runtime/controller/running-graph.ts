/** A graph that runs: fed with events, one at a time, it says after every turn what it wants. */
import type { Clock } from "../../model/clock.ts";
import type { Failure } from "../../model/failure.ts";
import { failureOf, withoutStack } from "../../model/failure.ts";
import type { Hash } from "../../model/hash.ts";
import { parseSegment, segments } from "../../model/identity.ts";
import type { TaskOptions } from "../../model/options.ts";
import type { Stored, TaskId } from "../../model/task.ts";
import { unread } from "../../model/unread.ts";
import { decode, encode } from "../../model/value.ts";
import type { Blobs, Command, Revoked } from "../ports.ts";
import { Calls, type Wanted } from "./calls.ts";
import type { Chances } from "./chances.ts";
import { drained, nextTurn } from "./event-loop.ts";
import type { Decision } from "./explain/decision.ts";
import { Decisions } from "./explain/decisions.ts";
import { Fatal, OutgrownError } from "./graph/fatal.ts";
import type { Fuel } from "./graph/fuel.ts";
import type { Host } from "./graph/host.ts";
import type { End } from "./graph/load.ts";
import type { Heard, History } from "./history.ts";
import type { Program } from "./programs.ts";
import { textOf } from "./stored.ts";
import { UnhandledRejections } from "./unhandled.ts";
import { type Alarm, Waits } from "./waits.ts";

/** What a turn came to: what the graph wants, and, where the body has settled, how, and what is left to abort. */
export type Turn = Wants &
  (
    | { kind: "goes on"; alarms: Alarm[]; answered: string[] }
    | { kind: "settled"; aborts: TaskId[]; outcome: Outcome }
    /** The body needs a process of its own: this graph is of no use any more. */
    | { kind: "outgrown" }
  );
/** What was decided, tasks to clone, and what else is to be recorded. */
type Wants = { decisions: Command[]; clones: Wanted[]; commands: Command[] };

/** `text`: the encoded result; absent where the body returned nothing. */
export type Outcome = { kind: "completed"; text?: string } | { kind: "failed"; failure: Failure };

type Settled = { text: string | undefined } | { error: unknown };

type RunnableProgram = Pick<Program, "name" | "loaded" | "pipelines" | "unread">;

export type Surroundings = {
  history: Pick<History, "created" | "waits" | "decided">;
  chances: Chances;
  clock: Clock;
  blobs: Pick<Blobs, "get">;
  fuel: Fuel;
  onFailure?: TaskOptions["onFailure"];
  /** See `RunOptions`. */
  attempt?: number;
  /** See `Callees`. */
  around?: readonly string[] | undefined;
  /** Hears of each decision as it is made, those too that an earlier controller of the run has made. */
  decided?: (decision: Decision) => void;
};

export class RunningGraph {
  readonly #program: RunnableProgram;
  readonly #blobs: Pick<Blobs, "get">;
  readonly #calls: Calls;
  readonly #waits: Waits;
  readonly #chances: Chances;
  readonly #decisions: Decisions;
  readonly #fuel: Fuel;
  readonly #onFailure: TaskOptions["onFailure"];
  readonly #attempt: number;
  readonly #decided: Surroundings["decided"];
  readonly #rejections = new UnhandledRejections();
  #settled: Settled | undefined;
  /** What it has come to is known at the end of the delivery by which it has settled. */
  #outcome: Outcome | undefined;

  constructor(run: TaskId, program: RunnableProgram, surroundings: Surroundings) {
    const { history, chances, clock, blobs, fuel, onFailure, attempt = 1, around, decided } = surroundings;
    this.#program = program;
    this.#blobs = blobs;
    this.#calls = new Calls(run, history.created, { pipelines: program.pipelines, ...(around && { around }) });
    this.#waits = new Waits(clock, history.waits);
    this.#chances = chances;
    this.#decisions = new Decisions(program.loaded.texts, history.decided);
    this.#fuel = fuel;
    this.#onFailure = onFailure;
    this.#attempt = attempt;
    this.#decided = decided;
  }

  /** The first turn: the body up to where it waits for a task. */
  async start(params: unknown): Promise<Turn> {
    this.#rejections.within(() => {
      const ended = (end: End) => this.#end(end);
      const goesOn = this.#onFailure === "continue";
      this.#program.loaded
        .run(params, this.#host(), { fuel: this.#fuel, ended, goesOn, attempt: this.#attempt })
        .catch((error: unknown) => this.#end({ error }));
    });
    await drained();
    if (this.#endDelivery()) await this.#settle();
    return this.#endTurn();
  }

  /** Delivers events in order. After each the graph runs until nothing more can move, before the next one is delivered. */
  async turn(events: readonly Heard[], signal: Pick<Revoked, "aborted">): Promise<Turn> {
    for (const event of events) {
      // Large values are loaded before their event is delivered: nothing waits for I/O inside a drain.
      const loading = this.#valueOf(event);
      const value = loading instanceof Promise ? await loading : loading;
      if (this.#isOver() || signal.aborted) break;
      this.#fuel.refuel();
      this.#rejections.within(() => this.#deliver(event, value));
      await drained();
      if (this.#endDelivery()) await this.#settle();
    }
    return this.#endTurn();
  }

  /** Tasks that the store was asked for and whose end was not delivered. */
  open(): TaskId[] {
    return this.#calls.open();
  }

  close(): void {
    this.#rejections.close();
  }

  /** At once, where it is small. */
  #valueOf(event: Heard): unknown | Promise<unknown> {
    const stored = storedIn(event);
    if (stored === undefined) return undefined;
    if ("text" in stored) return decode(stored.text);
    const blob = unreadBlob(event, this.#program.unread);
    return blob === undefined ? textOf(this.#blobs, stored).then((text) => decode(text)) : unread(event.task, blob);
  }

  #host(): Host {
    const [calls, waits, chances, decisions] = [this.#calls, this.#waits, this.#chances, this.#decisions];
    return {
      call: (...given) => calls.call(...given),
      abort: (...given) => calls.abort(...given),
      metric: (...given) => calls.metric(...given),
      timer: (...given) => waits.timer(...given),
      signal: (...given) => waits.signal(...given),
      chance: (...given) => chances.read(...given),
      skip: (...given) => decisions.skip(...given),
      decide: (decision) => {
        decisions.add(decision);
        this.#decided?.(decision);
      },
    };
  }

  #deliver(event: Heard, value: unknown): void {
    const { task } = event;
    if (this.#settled && this.#onFailure === "finish") return this.#calls.forget(task);
    switch (event.kind) {
      case "completed":
        return this.#calls.settle({ task, kind: "completed", value });
      case "failed":
        return this.#calls.settle({ task, kind: "failed", failure: event.failure });
      case "aborted":
        return this.#calls.settle({ task, kind: "aborted", reason: event.reason });
      case "timer":
        return this.#waits.fire(event.path);
      case "signal":
        return this.#waits.deliver(event.name, value);
      case "scalar": {
        const { title, series, iteration } = event;
        return this.#calls.report(task, title, series, { value: event.value, iteration });
      }
    }
  }

  /** True where the body has settled. */
  #endDelivery(): boolean {
    this.#decisions.endDelivery();
    return this.#settled !== undefined;
  }

  /** Which rejections nobody has handled is told after the last job. */
  async #settle(): Promise<void> {
    await nextTurn();
    this.#outcome ??= this.#outcomeOf(this.#settled!);
  }

  #endTurn(): Turn {
    if (this.#isOutgrown()) return { kind: "outgrown", decisions: [], clones: [], commands: [] };
    const decisions = this.#decisions.takeCommands();
    const read = this.#chances.takeCommands();
    const begun = this.#waits.takeCommands();
    const clones = this.#begins() ? this.#calls.takeWanted() : this.#calls.takeDetached();
    if (!this.#isOver()) {
      const commands = [...read, ...begun, ...this.#calls.takeAborts()];
      const [alarms, answered] = [this.#waits.takeAlarms(), this.#waits.takeAnswered()];
      return { kind: "goes on", decisions, clones, commands, alarms, answered };
    }
    return { kind: "settled", decisions, clones, commands: read, aborts: this.#calls.open(), outcome: this.#outcome! };
  }

  /** May what the graph calls now come to be? Once it has settled only what it detached may, unless it has failed and is to go on. */
  #begins(): boolean {
    return this.#outcome === undefined || (this.#mayLinger() && this.#onFailure === "continue");
  }

  /** It has settled, and nothing that runs is waited for. */
  #isOver(): boolean {
    if (this.#outcome === undefined) return false;
    const waits = this.#onFailure === "continue" && this.#waits.endsSometime;
    return !this.#mayLinger() || (this.#calls.areOver && !waits);
  }

  /** See `OnFailure`. A body that may not compute any more does not go on. */
  #mayLinger(): boolean {
    const isFatal = this.#settled && "error" in this.#settled && this.#settled.error instanceof Fatal;
    return this.#onFailure !== undefined && this.#outcome?.kind === "failed" && !isFatal && this.#fuel.left >= 0;
  }

  #isOutgrown(): boolean {
    if (this.#settled && "error" in this.#settled && this.#settled.error instanceof OutgrownError) return true;
    const lingered = this.#onFailure === "continue" && this.#outcome?.kind === "failed";
    return lingered && this.#fuel.left < 0 && this.#fuel.exhausted() instanceof OutgrownError;
  }

  /** A failed call that nobody has awaited by now, or caught, fails the pipeline. */
  #outcomeOf(settled: Settled): Outcome {
    if ("error" in settled) return { kind: "failed", failure: this.#failure(settled.error) };
    const unhandled = this.#rejections.first();
    if (unhandled) return { kind: "failed", failure: this.#failure(unhandled.reason) };
    return { kind: "completed", ...(settled.text !== undefined && { text: settled.text }) };
  }

  /** The result is encoded at once, as a plain call copies it: what still runs does not change it. */
  #end(end: End): void {
    if (this.#settled) return;
    if ("error" in end) this.#settled = end;
    else if (end.value === undefined) this.#settled = { text: undefined };
    else
      try {
        this.#settled = { text: encode(end.value, `the result of pipeline "${this.#program.name}"`) };
      } catch (error) {
        this.#settled = { error };
      }
  }

  /** What the body threw, with the place and the step that it came from. Its own stack is the interpreter's, and says nothing to people. */
  #failure(error: unknown): Failure {
    const own = withoutStack(failureOf(error));
    const { at, step } = this.#originOf(error) ?? {};
    const stack = this.#calls.failureOf(error)?.stack;
    return {
      ...own,
      ...(stack !== undefined && { stack }),
      ...(at !== undefined && { at }),
      ...(step !== undefined && { step }),
    };
  }

  /** The failure of the step that the error came from, be it itself or as a cause. */
  #originOf(error: unknown): Failure | undefined {
    const seen = new Set<unknown>();
    for (let next = error; next instanceof Error && !seen.has(next); next = next.cause) {
      const origin = this.#calls.failureOf(next);
      if (origin) return origin;
      seen.add(next);
    }
    return undefined;
  }
}

/** The large output that an event carries, where the graph never looks into it: it is not loaded. */
export function unreadBlob(event: Heard, unread: ReadonlySet<string>): Hash | undefined {
  if (event.kind !== "completed" || event.output === undefined || "text" in event.output) return undefined;
  return unread.has(parseSegment(segments(event.task).at(-1)!).id) ? event.output.blob : undefined;
}

/** The value that an event carries. */
export const storedIn = (event: Heard): Stored | undefined =>
  event.kind === "completed" ? event.output : event.kind === "signal" ? event.value : undefined;
