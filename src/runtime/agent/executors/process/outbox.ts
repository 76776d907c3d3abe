/** Calls on their way to a step process: those of a turn go as one message at its end. */
import type { StepCall } from "../step-call.ts";
import type { SentCalls, ToWorker } from "./protocol.ts";

export class Outbox {
  readonly #tell: (message: ToWorker) => void;
  #calls: SentCalls | undefined;

  constructor(tell: (message: ToWorker) => void) {
    this.#tell = tell;
  }

  /** `head`: of the message, where this is the first in it. */
  add(call: StepCall, head: Omit<SentCalls, "calls">): void {
    if (this.#calls === undefined) {
      this.#calls = { calls: [], ...head };
      process.nextTick(() => this.send());
    }
    this.#calls.calls.push(call);
  }

  /** What is there, at once. */
  send(): void {
    if (this.#calls === undefined) return;
    this.#tell({ kind: "run", ...this.#calls });
    this.#calls = undefined;
  }
}
