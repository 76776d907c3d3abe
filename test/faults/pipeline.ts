/** Many tasks at once, each a little work. */
import { setTimeout } from "node:timers/promises";
import { pipeline, step } from "reprise";

export const work = step.retry({ limit: 0, lost: 1_000 })(async ({ i, ms }: { i: number; ms: number }) => {
  await setTimeout(ms);
  return i;
});

export default pipeline("many", async ({ tasks, ms }: { tasks: number; ms: number }) => {
  const all: Promise<number>[] = [];
  for (let i = 1; i <= tasks; i += 1) all.push(work({ i, ms }));
  return (await Promise.all(all)).reduce((sum, i) => sum + i, 0);
});
