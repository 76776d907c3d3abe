/** A graph that runs: fed with the ends of tasks, one at a time, it says after every turn what it wants. */
import type { Failure } from "../../model/failure.ts";
import { failureOf } from "../../model/failure.ts";
import type { TaskId } from "../../model/task.ts";
import { decode, encode } from "../../model/value.ts";
import type { Blobs } from "../ports.ts";
import { Calls, type Wanted } from "./calls.ts";
import { nextTurn } from "./events.ts";
import { Fuel } from "./graph/fuel.ts";
import type { Ended } from "./history.ts";
import type { Program } from "./programs.ts";
import { textOf } from "./stored.ts";
import { UnhandledRejections } from "./unhandled.ts";

/** What a turn came to: tasks to clone, and, where the body has settled, how, and what is left to abort. */
export type Turn = { kind: "goes on"; clones: Wanted[] } | Settled;
type Settled = { kind: "settled"; aborts: TaskId[]; outcome: Outcome };

/** `text`: the encoded result; absent where the body returned nothing. */
export type Outcome = { kind: "completed"; text?: string } | { kind: "failed"; failure: Failure };

export class RunningGraph {
  readonly #program: Program;
  readonly #blobs: Blobs;
  readonly #calls: Calls;
  readonly #fuel = new Fuel();
  readonly #rejections = new UnhandledRejections();
  #settled: { value: unknown } | { error: unknown } | undefined;

  /** `existing`: the run's tasks that the store has already. */
  constructor(run: TaskId, program: Program, { existing, blobs }: { existing: Set<TaskId>; blobs: Blobs }) {
    this.#program = program;
    this.#blobs = blobs;
    this.#calls = new Calls(run, existing);
  }

  /** The first turn: the body up to where it waits for a task. */
  async start(params: unknown): Promise<Turn> {
    this.#rejections.within(() => {
      this.#program.loaded.run(params, this.#calls, { fuel: this.#fuel }).then(
        (value) => {
          this.#settled = { value };
        },
        (error: unknown) => {
          this.#settled = { error };
        },
      );
    });
    await nextTurn();
    return this.#endTurn();
  }

  /** Delivers the ends in order. After each the graph runs until nothing more can move, before the next one is delivered. */
  async turn(ends: readonly Ended[], signal: AbortSignal): Promise<Turn> {
    for (const end of ends) {
      // Large outputs are loaded before their event is delivered: nothing waits for I/O inside a drain.
      const text = end.kind === "completed" && end.output && (await textOf(this.#blobs, end.output));
      if (this.#settled || signal.aborted) break;
      this.#fuel.refuel();
      this.#rejections.within(() => this.#deliver(end, text || undefined));
      await nextTurn();
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

  #deliver(end: Ended, text: string | undefined): void {
    const { task } = end;
    if (end.kind === "completed")
      this.#calls.settle({ task, kind: "completed", value: text === undefined ? undefined : decode(text) });
    else if (end.kind === "failed") this.#calls.settle({ task, kind: "failed", failure: end.failure });
    else this.#calls.settle({ task, kind: "aborted", reason: end.reason });
  }

  #endTurn(): Turn {
    if (this.#settled === undefined) return { kind: "goes on", clones: this.#calls.takeWanted() };
    // What the settling turn has called does not come to be; what the store was asked for is aborted.
    return { kind: "settled", aborts: this.#calls.open(), outcome: this.#outcome() };
  }

  /** A failed call that nobody has awaited by now, or caught, fails the pipeline. */
  #outcome(): Outcome {
    const settled = this.#settled!;
    if ("error" in settled) return { kind: "failed", failure: this.#failure(settled.error) };
    const unhandled = this.#rejections.first();
    if (unhandled) return { kind: "failed", failure: this.#failure(unhandled.reason) };
    try {
      if (settled.value === undefined) return { kind: "completed" };
      return { kind: "completed", text: encode(settled.value, `the result of pipeline "${this.#program.name}"`) };
    } catch (error) {
      return { kind: "failed", failure: this.#failure(error) };
    }
  }

  /** What the body threw, with the place and the step that it came from. Its own stack is the interpreter's, and says nothing to people. */
  #failure(error: unknown): Failure {
    const { stack: _, ...own } = failureOf(error);
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
