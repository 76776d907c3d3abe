import { inspect } from "node:util";
import { TestError } from "./error.ts";

/** Something that may happen next: the end of a step, of a called pipeline or of a timer, or the coming of a signal. */
export type Held = {
  readonly kind: "step" | "pipeline" | "timer" | "signal";
  /** Of the step, the pipeline or the signal; of a timer, what the body calls it. */
  readonly name: string;
  /** Where in the run: `loop1[2]/fit`; within a called pipeline `prepare/measure`. */
  readonly path: string;
};

/**
 * What happens next, of all that may happen at the same time. Those that are held come in the order in which they began.
 * - `"first in first"` (the default), `"last in first"`;
 * - `{ seed }`: by chance, the same for the same seed;
 * - a function, which gives one of them: `(held) => held.find(({ name }) => name === "slow") ?? held[0]`.
 */
export type Order =
  | "first in first"
  | "last in first"
  | { seed: number }
  | ((held: readonly Held[]) => Held | undefined);

export type Chooser = <T extends Held>(held: readonly T[]) => T;

/** Throws a TestError where the order is none; the chooser does where its function gives what is not held. */
export function chooserOf(order: Order = "first in first"): Chooser {
  if (order === "first in first") return (held) => held[0]!;
  if (order === "last in first") return (held) => held.at(-1)!;
  if (typeof order === "function") return (held) => chosenBy(order, held);
  if (typeof order === "object" && typeof order?.seed === "number") {
    const random = randomBy(order.seed);
    return (held) => held[Math.floor(random() * held.length)]!;
  }
  throw new TestError(
    `${inspect(order)} is no order: write "first in first", "last in first", { seed: 7 } or a function of what is held`,
  );
}

/** Numbers from 0 to 1, the same for the same seed (a linear congruential generator with the constants of Numerical Recipes). */
export function randomBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The function gets what people may see, and is answered by what it stands for. */
function chosenBy<T extends Held>(order: (held: readonly Held[]) => Held | undefined, held: readonly T[]): T {
  const shown = held.map(({ kind, name, path }): Held => Object.freeze({ kind, name, path }));
  const given = order(shown);
  const chosen = held[shown.indexOf(given as Held)];
  if (chosen !== undefined) return chosen;
  const paths = shown.map(({ path }) => path).join(", ");
  throw new TestError(
    `the order function gave ${inspect(given, { depth: 1, breakLength: Number.POSITIVE_INFINITY })}, which is none of what it got: give one of its elements, here those of ${paths}`,
  );
}
