/** Fan-out: the same step over many inputs at the same time, and one result of them all: π, from points in a square. */
import { pipeline, step, Task } from "reprise";

export const throwPoints = step(async ({ count, seed }: { count: number; seed: number }) => {
  let state = seed;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  let inside = 0;
  for (let i = 0; i < count; i += 1) if (random() ** 2 + random() ** 2 <= 1) inside += 1;
  Task.current().log(`${inside} of ${count} points lie inside the circle`);
  return inside;
});

type Params = { seeds?: number[]; count?: number };

export default pipeline("fan out", async ({ seeds = [3, 14, 15, 92, 65, 35], count = 100_000 }: Params) => {
  const inside = await Promise.all(seeds.map(async (seed) => throwPoints({ count, seed })));
  const total = inside.reduce((a, b) => a + b, 0);
  return { points: seeds.length * count, pi: (4 * total) / (seeds.length * count) };
});
