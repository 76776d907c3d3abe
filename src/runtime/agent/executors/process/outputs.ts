/** Both streams of a step process: whose output it is that comes. */
import type { ChildProcess } from "node:child_process";
import type { Recorder } from "../../recorder.ts";
import { type Output, outputOf } from "./output.ts";

/** A step that prints, by its number in the process's life. */
export type Printing = { readonly number: number; readonly recorder: Recorder };

export type OutputsListener = {
  /** Was there ever a step of that number? */
  isKnown(number: number): boolean;
  /** The step of that number, where it is to run or runs. */
  find(number: number): Printing | undefined;
  /** A step begins in one of the streams. */
  crossed(): void;
  /** Nobody holds the other end of one of them any more. */
  ended(): void;
};

/** Lines that the store has not taken yet; a step that prints faster waits. */
const longestBacklog = 5_000;

/** Of a stream, `of` is whose output comes. */
type Listened = { output: Output; of?: Printing; isOver?: true };

export class Outputs {
  /** The end of what was written to stderr. */
  lastError = "";
  readonly #listener: OutputsListener;
  readonly #all: Listened[];

  constructor(process: ChildProcess, listener: OutputsListener) {
    this.#listener = listener;
    this.#all = [this.#listen(process, "stdout"), this.#listen(process, "stderr")].filter((one) => one !== undefined);
  }

  /** What is printed from now on is of that step. */
  begin(step: Printing): void {
    for (const one of this.#all) one.of = step;
  }

  /** Is all read that the step has printed, who is followed by another? */
  arePast(step: Printing): boolean {
    return this.#all.every((one) => isPast(one, step));
  }

  /** Reads what is there, up to where the next one begins. */
  readUpTo(step: Printing): void {
    for (const one of this.#all) if (!isPast(one, step)) one.output.read(() => isPast(one, step));
  }

  /** Reads what is there, to its end: no other follows. */
  readRest(): void {
    for (const { output } of this.#all) {
      output.read();
      output.endLine();
    }
  }

  /** Calls when anything is read. Gives the way to end that. */
  whenRead(hear: () => void): () => void {
    for (const { output } of this.#all) output.stream.on("data", hear);
    return () => {
      for (const { output } of this.#all) output.stream.off("data", hear);
    };
  }

  #listen(process: ChildProcess, name: "stdout" | "stderr"): Listened | undefined {
    const stream = process[name];
    // The process could not even be started.
    if (!stream) return undefined;
    const { isKnown, find, crossed, ended } = this.#listener;
    const one: Listened = {
      output: outputOf(stream, {
        line: (text, level) => one.of?.recorder.line(name, text, level),
        text: (text) => {
          if (name === "stderr") this.lastError = (this.lastError + text).slice(-4_096);
          const recorder = one.of?.recorder;
          return recorder !== undefined && recorder.backlog >= longestBacklog ? recorder.settled() : undefined;
        },
        isToCome: (number) => one.of !== undefined && number >= one.of.number && isKnown(number),
        begins: (number) => {
          // None where it was taken back.
          one.of = find(number) ?? one.of!;
          crossed();
        },
        end: () => {
          one.isOver = true;
          crossed();
          ended();
        },
      }),
    };
    return one;
  }
}

const isPast = ({ of, isOver }: Listened, { number }: Printing): boolean => isOver ?? of!.number > number;
