/** A step that is rerun many times, then one that holds the run until it is resumed. */
import { pipeline, step, Task } from "reprise";

export const increment = step(async ({ n }: { n: number }) => n + 1);

/** The first attempt waits to be stopped; the next one ends at once. */
export const hold = step(async () => {
  const { attempt, signal } = Task.current();
  if (attempt === 1) await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
});

export const loop = pipeline("loop", async ({ max }: { max: number }) => {
  let x = 0;
  while (x < max) x = await increment({ n: x });
  await hold();
  return { x };
});
