/** Pipelines that call pipelines, one per way of doing so. `all` calls every one of them, so that one compilation gives them all. */
import { pipeline, step } from "reprise";

export const inc = step(async ({ n }: { n: number }) => n + 1);
export const list = step(async ({ n }: { n: number }) => ({ n: n * 2, list: [n, n + 1] }));
export const odd = step(async ({ n }: { n: number }) => {
  if (n % 2 === 1) throw new RangeError(`odd: ${n}`);
  return { n };
});

type N = { n: number };

const twice = pipeline("twice", async ({ n }: N) => {
  const once = await inc({ n });
  return inc({ n: once });
});

const nothing = pipeline("nothing", async () => {
  await inc({ n: 0 });
});

const pure = pipeline("pure", async ({ n }: N) => ({ n, dates: [new Date(n)], seen: new Map([[n, n]]) }));

const failing = pipeline("failing", async ({ n }: N) => {
  const both = await Promise.all([inc({ n }), odd({ n })]);
  return both[0];
});

export const sequence = pipeline("sequence", async ({ n }: N) => {
  const first = await twice({ n });
  const nought = await nothing();
  const second = await twice({ n: first });
  return { first, nought, second, pure: await pure({ n }) };
});

export const concurrent = pipeline("concurrent", async ({ n }: N) => {
  const early = twice({ n });
  const [x, y] = await Promise.all([inc({ n }), twice({ n: 10 })]);
  return [x, y, await early];
});

export const fanOut = pipeline("fan out", async ({ n }: N) => {
  const all = await Promise.all([1, 2, 3].map(async (i) => (await twice({ n: i + n })) + (await inc({ n: i }))));
  return all.concat(await Promise.all([{ n: 7 }, { n: 8 }].map(twice)));
});

export const caught = pipeline("caught", async ({ n }: N) => {
  const out: unknown[] = [];
  for (const i of [n, n + 1]) {
    try {
      out.push(await failing({ n: i }));
    } catch (error) {
      out.push((error as Error).name, (error as Error).message, error instanceof RangeError, await inc({ n: i }));
    } finally {
      out.push(i);
    }
  }
  return out;
});

export const uncaught = pipeline("uncaught", async ({ n }: N) => {
  const [x] = await Promise.all([failing({ n: 2 * n + 1 }), twice({ n })]);
  return x;
});

export const raced = pipeline("raced", async ({ n }: N) => {
  const first = await Promise.race([twice({ n }), inc({ n: 50 })]);
  const settled = await Promise.allSettled([failing({ n: n + 1 }), twice({ n: first })]);
  return [first, settled.map(({ status }) => status)];
});

/** What runs still when it ends is aborted, the runs that it called with all of theirs. */
const hasty = pipeline("hasty", async ({ n }: N) => {
  const late = [outer({ n: 100 }), outer({ n: 200 })];
  return inc({ n: n + late.length });
});

export const leaves = pipeline("leaves", async ({ n }: N) => {
  const x = await hasty({ n });
  const y = await inc({ n: x });
  return [x, y, await hasty({ n: y })];
});

const outer = pipeline("outer", async ({ n }: N) => {
  const inner = await twice({ n });
  return { inner, next: await list({ n: inner }) };
});

export const deep = pipeline("deep", async ({ n }: N) => {
  const found: number[] = [];
  while (found.length < 2) {
    const { inner, next } = await outer({ n: n + found.length });
    found.push(inner + next.list.length);
  }
  return found;
});

export const factorial = pipeline("factorial", async ({ n }: N): Promise<number> => {
  if (n <= 0) return inc({ n: 0 });
  const smaller = await factorial({ n: n - 1 });
  return n * smaller;
});

export const fibonacci = pipeline("fibonacci", async ({ n }: N): Promise<number> => {
  if (n < 2) return n;
  const [a, b] = await Promise.all([fibonacci({ n: n - 1 }), fibonacci({ n: n - 2 })]);
  return (await inc({ n: a + b })) - 1;
});

export const isEven = pipeline("is even", async ({ n }: N): Promise<boolean> => n === 0 || (await isOdd({ n: n - 1 })));
const isOdd = pipeline("is odd", async ({ n }: N): Promise<boolean> => {
  const less = (await inc({ n })) - 2;
  return n !== 0 && isEven({ n: less });
});

export const all = pipeline("all", async ({ n }: N) => [
  await sequence({ n }),
  await concurrent({ n }),
  await fanOut({ n }),
  await caught({ n }),
  await uncaught({ n }),
  await raced({ n }),
  await leaves({ n }),
  await deep({ n }),
  await factorial({ n }),
  await fibonacci({ n }),
  await isEven({ n }),
]);
