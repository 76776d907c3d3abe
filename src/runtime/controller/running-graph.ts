/** A graph that runs: fed with events, one at a time, it says after every turn what it wants. */
import type { Clock } from "../../model/clock.ts";
import type { Failure } from "../../model/failure.ts";
import { failureOf, withoutStack } from "../../model/failure.ts";
import type { Hash } from "../../model/hash.ts";
import { parseSegment, segments } from "../../model/identity.ts";
import type { Stored, TaskId } from "../../model/task.ts";
import { unread } from "../../model/unread.ts";
import { decode, encode } from "../../model/value.ts";
import type { Blobs, Command } from "../ports.ts";
import { Calls, type Wanted } from "./calls.ts";
import type { Chances } from "./chances.ts";
import { nextTurn } from "./events.ts";
import { Decisions } from "./explain/decisions.ts";
import { OutgrownError } from "./graph/fatal.ts";
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

type RunnableProgram = Pick<Program, "name" | "loaded" | "pipelines" | "unread">;

export type Surroundings = {
  history: Pick<History, "created" | "waits" | "decided">;
  chances: Chances;
  clock: Clock;
  blobs: Pick<Blobs, "get">;
  fuel: Fuel;
  /** See `Callees`. */
  around?: readonly string[] | undefined;
};

export class RunningGraph {
  readonly #program: RunnableProgram;
  readonly #blobs: Pick<Blobs, "get">;
  readonly #calls: Calls;
  readonly #waits: Waits;
  readonly #chances: Chances;
  readonly #decisions: Decisions;
  readonly #fuel: Fuel;
  readonly #rejections = new UnhandledRejections();
  #settled: { text: string | undefined } | { error: unknown } | undefined;

  constructor(run: TaskId, program: RunnableProgram, { history, chances, clock, blobs, fuel, around }: Surroundings) {
    this.#program = program;
    this.#blobs = blobs;
    this.#calls = new Calls(run, history.created, { pipelines: program.pipelines, ...(around && { around }) });
    this.#waits = new Waits(clock, history.waits);
    this.#chances = chances;
    this.#decisions = new Decisions(program.loaded.texts, history.decided);
    this.#fuel = fuel;
  }

  /** The first turn: the body up to where it waits for a task. */
  async start(params: unknown): Promise<Turn> {
    this.#rejections.within(() => {
      const ended = (end: End) => this.#end(end);
      this.#program.loaded
        .run(params, this.#host(), { fuel: this.#fuel, ended })
        .catch((error: unknown) => this.#end({ error }));
    });
    await nextTurn();
    this.#decisions.endDelivery();
    return this.#endTurn();
  }

  /** Delivers events in order. After each the graph runs until nothing more can move, before the next one is delivered. */
  async turn(events: readonly Heard[], signal: AbortSignal): Promise<Turn> {
    for (const event of events) {
      // Large values are loaded before their event is delivered: nothing waits for I/O inside a drain.
      const value = await this.#valueOf(event);
      if (this.#settled || signal.aborted) break;
      this.#fuel.refuel();
      this.#rejections.within(() => this.#deliver(event, value));
      await nextTurn();
      this.#decisions.endDelivery();
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

  async #valueOf(event: Heard): Promise<unknown> {
    const stored = storedIn(event);
    if (stored === undefined) return undefined;
    const blob = unreadBlob(event, this.#program.unread);
    return blob === undefined ? decode(await textOf(this.#blobs, stored)) : unread(event.task, blob);
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
      decide: (decision) => decisions.add(decision),
    };
  }

  #deliver(event: Heard, value: unknown): void {
    const { task } = event;
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

  #endTurn(): Turn {
    if (this.#settled && "error" in this.#settled && this.#settled.error instanceof OutgrownError)
      return { kind: "outgrown", decisions: [], clones: [], commands: [] };
    const decisions = this.#decisions.takeCommands();
    const read = this.#chances.takeCommands();
    const begun = this.#waits.takeCommands();
    if (this.#settled === undefined) {
      const commands = [...read, ...begun, ...this.#calls.takeAborts()];
      const [alarms, answered] = [this.#waits.takeAlarms(), this.#waits.takeAnswered()];
      return { kind: "goes on", decisions, clones: this.#calls.takeWanted(), commands, alarms, answered };
    }
    // What the settling turn has called does not come to be, unless it was detached; what the store was asked for is aborted.
    const [aborts, clones] = [this.#calls.open(), this.#calls.takeDetached()];
    return { kind: "settled", decisions, clones, commands: read, aborts, outcome: this.#outcome() };
  }

  /** A failed call that nobody has awaited by now, or caught, fails the pipeline. */
  #outcome(): Outcome {
    const settled = this.#settled!;
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
