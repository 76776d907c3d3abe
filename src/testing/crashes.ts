import { inspect } from "node:util";
import { TestError } from "./error.ts";

/** After which events the controller dies, by their numbers (`test.events`, from 1). */
export type CrashAfter = number | readonly number[] | "every event";

/** Says when to die. What one transaction records stands or falls together: nobody dies in its midst. */
export class Crashes {
  readonly #isChosen: (seq: number) => boolean;
  #survived = 0;

  /** Throws a TestError where it is given no numbers of events. */
  constructor(after: CrashAfter = []) {
    const numbers = typeof after === "number" ? [after] : after;
    const isWrong = Array.isArray(numbers)
      ? !numbers.every((n) => Number.isInteger(n) && n > 0)
      : after !== "every event";
    if (isWrong)
      throw new TestError(
        `crashAfter: ${inspect(after)} names no events: write a number from 1, a list of them, or "every event"`,
      );
    this.#isChosen = after === "every event" ? () => true : (seq) => (numbers as readonly number[]).includes(seq);
  }

  /** `recorded`: how many events there are. Each kills once. */
  isDue(recorded: number): boolean {
    let isDue = false;
    while (this.#survived < recorded) {
      this.#survived += 1;
      isDue ||= this.#isChosen(this.#survived);
    }
    return isDue;
  }
}
