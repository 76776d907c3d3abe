/** The shapes that are measured: steps do next to nothing, so that what is left is Reprise. */
import { pipeline, step } from "reprise";

type Count = { n: number };

const increment = step(async ({ n }: Count) => ({ n: n + 1 }));
const total = step(async ({ parts }: { parts: Count[] }) => ({ n: parts.reduce((sum, part) => sum + part.n, 0) }));

/** One of many at once, of which sixteen run at a time. */
const part = step.queue("sixteen")(async ({ n }: Count) => ({ n: n + 1 }));

/** Computes for `ms` milliseconds without a pause. */
const burn = step.queue("cores")(async ({ n, ms }: Count & { ms: number }) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return { n: n + 1 };
});

export const chain = pipeline("chain", async ({ steps }: { steps: number }) => {
  let x = { n: 0 };
  for (let i = 0; i < steps; i++) x = await increment(x);
  return x;
});

export const fanOut = pipeline("fan-out", async ({ width }: { width: number }) => {
  const parts = await Promise.all(Array.from({ length: width }, () => part({ n: 0 })));
  return await total({ parts });
});

export const rerun = pipeline("rerun", async ({ until }: { until: number }) => {
  let x = { n: 0 };
  do x = await increment(x);
  while (x.n < until);
  return x;
});

export const burns = pipeline("burns", async ({ width, ms }: { width: number; ms: number }) => {
  const parts = await Promise.all(Array.from({ length: width }, () => burn({ n: 0, ms })));
  return { n: parts.reduce((sum, part) => sum + part.n, 0) };
});
