/** Data preparation: a pipeline of its own, which runs alone as well as when another pipeline calls it. */
import { pipeline, step } from "reprise";

export type Sample = { x: number; y: number };

/** Points on y = 2x + 1, with noise; every tenth is an outlier. */
export const measure = step(async ({ count, seed }: { count: number; seed: number }): Promise<Sample[]> => {
  let state = seed;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Array.from({ length: count }, (_, i) => {
    const x = random() * 10;
    return { x, y: i % 10 === 9 ? 1_000 : 2 * x + 1 + (random() - 0.5) };
  });
});

export const dropOutliers = step(async ({ samples, limit }: { samples: Sample[]; limit: number }) =>
  samples.filter(({ y }) => Math.abs(y) < limit),
);

export const prepare = pipeline("prepare", async ({ seed, count = 200 }: { seed: number; count?: number }) => {
  const measured = await measure({ count, seed });
  const samples = await dropOutliers({ samples: measured, limit: 100 });
  if (samples.length < count / 2) throw new RangeError(`only ${samples.length} of ${count} samples are usable`);
  return { samples, dropped: measured.length - samples.length };
});
