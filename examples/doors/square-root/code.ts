/** A loop, through the code door; class.ts is the same pipeline as a class. */
import { pipeline, step } from "reprise";

/** One turn of Newton's method. */
export const improve = step(async ({ of, from }: { of: number; from: number }) => {
  const value = (from + of / from) / 2;
  return { value, error: Math.abs(value * value - of) };
});

export default pipeline("square root", async ({ of = 2, tolerance = 1e-9 }: { of?: number; tolerance?: number }) => {
  let guess = await improve({ of, from: of });
  let turns = 1;
  while (guess.error > tolerance && turns < 20) {
    guess = await improve({ of, from: guess.value });
    turns += 1;
  }
  return { root: guess.value, turns };
});
