/** What may happen depends on the state. */
import { pipeline, signal, sleep } from "reprise";
import { mutex } from "./joins.ts";
import { double, increment } from "./steps.ts";

export const deferredChoice = pipeline("16 Deferred choice", async ({ patience }: { patience: string }) => {
  const choice = await Promise.race([
    signal<{ by: string }>("approved").then(({ by }) => `approved by ${by}`),
    sleep(patience as "1h").then(() => "nobody answered"),
  ]);
  await increment({ n: choice.length });
  return choice;
});

export const interleavedParallelRouting = pipeline("17 Interleaved parallel routing", async () => {
  const oneAtATime = mutex();
  const [left, right] = await Promise.all([
    (async () => {
      const n = await oneAtATime(() => double({ n: 1 }));
      return await oneAtATime(() => increment({ n }));
    })(),
    oneAtATime(() => double({ n: 5 })),
  ]);
  return [left, right];
});

export const milestone = pipeline("18 Milestone", async () => {
  let isOpen = true;
  const closed = signal("close").then(() => {
    isOpen = false;
  });
  const accepted: number[] = [];
  for (;;) {
    const order = await Promise.race([signal<number>("order"), closed.then(() => "closed" as const)]);
    if (order === "closed" || !isOpen) return accepted;
    accepted.push(await double({ n: order }));
  }
});

export const criticalSection = pipeline("39 Critical section", async () => {
  const inside = mutex();
  return await Promise.all(
    [1, 2, 3].map(async (n) => {
      const outside = await increment({ n });
      return await inside(async () => {
        const entered = await double({ n: outside });
        return await double({ n: entered });
      });
    }),
  );
});

export const interleavedRouting = pipeline("40 Interleaved routing", async () => {
  const oneAtATime = mutex();
  const results = await Promise.all([1, 2, 3].map((n) => oneAtATime(() => double({ n }))));
  return results;
});
