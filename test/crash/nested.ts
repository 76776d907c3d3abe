/** Pipelines that call pipelines: in turn, at the same time, themselves, and one that fails. */
import { pipeline, step } from "reprise";
import { begun, type Watched } from "./begun.ts";

type N = Watched & { n: number };

export const count = step(async ({ n, watcher }: N) => {
  await begun(watcher);
  return n + 1;
});

export const refuse = step(async ({ watcher }: Watched) => {
  await begun(watcher);
  throw new TypeError("never");
});

const twice = pipeline("twice", async ({ n, watcher }: N) => {
  const once = await count({ n, watcher });
  return count({ n: once, watcher });
});

const failing = pipeline("failing", async ({ n, watcher }: N) => {
  await Promise.all([twice({ n, watcher }), refuse({ watcher })]);
});

const down = pipeline("down", async ({ n, watcher }: N): Promise<number> => {
  if (n === 0) return count({ n: 0, watcher });
  const less = await down({ n: n - 1, watcher });
  return less + n;
});

export default pipeline("nested", async ({ watcher }: Watched) => {
  let n = 0;
  while (n < 4) n = await twice({ n, watcher });
  const both = await Promise.all(
    [1, 2].map(async (i) => (await twice({ n: i, watcher })) + (await down({ n: i, watcher }))),
  );
  let caught = "";
  try {
    await failing({ n: 1, watcher });
  } catch (error) {
    caught = (error as Error).name;
  }
  return { n, both, caught };
});
