/** One step, again and again, which measures a point: at first it takes no time, after so many turns it takes `ms`. */
import { setTimeout } from "node:timers/promises";
import { pipeline, step, Task } from "reprise";

export const train = step(async ({ n, ms }: { n: number; ms: number }) => {
  if (ms > 0) await setTimeout(ms);
  Task.current().scalar("loss", "train", 1 / (n + 1), n);
  return { n: n + 1, loss: Math.sin(n) };
});

type Turns = { quick: number; slow: number; ms: number };

export default pipeline("many turns", async ({ quick, slow, ms }: Turns) => {
  let best = { n: 0, loss: 0 };
  while (best.n < quick + slow) best = await train({ n: best.n, ms: best.n < quick ? 0 : ms });
  return best;
});
