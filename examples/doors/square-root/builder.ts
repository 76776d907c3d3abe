/** A loop, through the graph builder; code.ts is the same pipeline as a function. */
import { add, and, gt, lt, pipeline } from "reprise";
import { z } from "zod";
import { improve } from "./code.ts";

const g = pipeline.graph("square root");
const of = g.param("of", z.number().default(2));
const tolerance = g.param("tolerance", z.number().default(1e-9));

const guess = g.step("guess", improve, { of, from: of });
const last = g.loop("loop1", {
  state: { guess, turns: 1 },
  while: ({ guess, turns }) => and(gt(guess.error, tolerance), lt(turns, 20)),
  body: ({ guess, turns }) => ({ guess: g.step("guess", improve, { of, from: guess.value }), turns: add(turns, 1) }),
});
g.returns({ root: last.guess.value, turns: last.turns });

export default g;
