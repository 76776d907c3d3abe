/** A loop, through the class door; code.ts is the same pipeline as functions. */
import { pipeline, step } from "reprise";

@pipeline("square root")
export default class SquareRoot {
  /** One turn of Newton's method. */
  @step async improve({ of, from }: { of: number; from: number }) {
    const value = (from + of / from) / 2;
    return { value, error: Math.abs(value * value - of) };
  }

  async run({ of = 2, tolerance = 1e-9 }: { of?: number; tolerance?: number }) {
    let guess = await this.improve({ of, from: of });
    let turns = 1;
    while (guess.error > tolerance && turns < 20) {
      guess = await this.improve({ of, from: guess.value });
      turns += 1;
    }
    return { root: guess.value, turns };
  }
}
