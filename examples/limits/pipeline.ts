/**
 * Limits: six requests are made at once, and a server that bears two at a time gets no more, whichever agents make them; `reports` shares the limit by its
 * key. Another one is asked at most three times in half a second. `predict` needs two gigabytes of the machine that runs it.
 */
import { setTimeout } from "node:timers/promises";
import { pipeline, step } from "reprise";

type Span = { from: number; to: number };

async function work(ms: number): Promise<Span> {
  const from = Date.now();
  await setTimeout(ms);
  return { from, to: Date.now() };
}

const server = { limit: 2, key: "the server" } as const;
export const orders = step.concurrency(server)(async ({ page }: { page: number }) => await work(20 + page));
export const reports = step.concurrency(server)(async () => await work(20));
export const prices = step.rate("3/500ms")(async ({ page }: { page: number }) => await work(page));
export const predict = step.resources({ mem: "2G" })(async ({ spans }: { spans: number }) => spans * 2);

export default pipeline("limits", async ({ pages = 5 }: { pages?: number }) => {
  const numbers = Array.from({ length: pages }, (_, page) => page);
  const atServer = await Promise.all([...numbers.map((page) => orders({ page })), reports()]);
  await Promise.all(numbers.map((page) => prices({ page })));
  return {
    atOnce: Math.max(
      ...atServer.map((one) => atServer.filter(({ from, to }) => from <= one.from && one.from < to).length),
    ),
    predicted: await predict({ spans: atServer.length }),
  };
});
