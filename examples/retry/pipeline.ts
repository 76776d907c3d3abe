/**
 * Retry and catch: a server that is busy twice is asked a third time; one that stays busy is caught. A plain call asks
 * once only.
 */
import { pipeline, step, Task } from "reprise";

export const askServer = step.retry({ limit: 2, delay: "50ms" })(async ({ answersAt }: { answersAt: number }) => {
  const { attempt } = Task.current();
  if (attempt < answersAt) throw new Error(`the server is busy (attempt ${attempt})`);
  return [9.5, 12.25];
});

export const readLastWeek = step(async () => [9, 12]);

export default pipeline("retry", async ({ answersAt = 3 }: { answersAt?: number }) => {
  try {
    const prices = await askServer({ answersAt });
    return { from: "server", prices };
  } catch (error) {
    const prices = await readLastWeek();
    return { from: "last week", prices, because: (error as Error).message };
  }
});
