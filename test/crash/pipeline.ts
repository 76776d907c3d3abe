/** Loop, branch, fan-out and retry. */
import { pipeline, step, Task } from "reprise";
import { begun, type Watched } from "./begun.ts";

export const count = step(async ({ n, watcher }: Watched & { n: number }) => {
  await begun(watcher);
  return n + 1;
});

export const square = step(async ({ n, watcher }: Watched & { n: number }) => {
  await begun(watcher);
  return { n, square: n * n };
});

export const flaky = step.retry(2)(async ({ watcher }: Watched) => {
  await begun(watcher);
  const { attempt } = Task.current();
  if (attempt === 1) throw new RangeError("not at the first attempt");
  return "steady";
});

export const refuse = step(async ({ watcher }: Watched) => {
  await begun(watcher);
  throw new TypeError("never");
});

export default pipeline("crash", async ({ watcher }: Watched) => {
  let n = 0;
  const path: string[] = [];
  while (n < 4) {
    n = await count({ n, watcher });
    if (n % 2 === 0) path.push(await flaky({ watcher }));
    else path.push("odd");
  }
  const squares = await Promise.all(
    [1, 2, 3, 4, 5].map(async (i) => {
      const first = await square({ n: i, watcher });
      return first.square > 10 ? first.square : (await square({ n: first.square, watcher })).square;
    }),
  );
  try {
    await refuse({ watcher });
  } catch (error) {
    path.push((error as Error).name);
  }
  const early = count({ n: 40, watcher });
  const late = await count({ n: 41, watcher });
  return { n, path, squares, sum: (await early) + late };
});
