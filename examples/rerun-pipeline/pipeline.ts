/** Estimates π by throwing darts; its error is a metric of the run, as the step monitors it. */
import { pipeline, step, Task } from "reprise";

export const estimate = step.monitor({ metrics: ["error/*"] })(async ({ darts }: { darts: number }) => {
  let inside = 0;
  for (let i = 0; i < darts; i++) {
    const [x, y] = [(i * 0.754_877_666_2) % 1, (i * 0.569_840_290_9) % 1];
    if (x * x + y * y < 1) inside += 1;
  }
  const pi = (4 * inside) / darts;
  Task.current().scalar("error", "pi", Math.abs(pi - Math.PI), darts);
  return pi;
});

export default pipeline("throw darts", async ({ darts = 100 }: { darts?: number }) => ({
  darts,
  pi: await estimate({ darts }),
}));
