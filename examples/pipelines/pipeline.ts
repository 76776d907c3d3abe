/** Pipelines: training calls data preparation, which is a pipeline of its own, as if it were a step; each call of it is a run. */
import { pipeline, step } from "reprise";
import { prepare, type Sample } from "./prepare.ts";

export const fitLine = step(async ({ samples }: { samples: Sample[] }) => {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [mean(samples.map((s) => s.x)), mean(samples.map((s) => s.y))];
  const slope = mean(samples.map((s) => (s.x - x) * (s.y - y))) / mean(samples.map((s) => (s.x - x) ** 2));
  return { slope, intercept: y - slope * x };
});

export const evaluate = step(
  async ({ line, samples }: { line: { slope: number; intercept: number }; samples: Sample[] }) =>
    samples.reduce((worst, { x, y }) => Math.max(worst, Math.abs(line.slope * x + line.intercept - y)), 0),
);

export default pipeline("train", async ({ seed = 7 }: { seed?: number }) => {
  // Both prepare at the same time, each in a run of its own.
  const [training, validation] = await Promise.all([prepare({ seed }), prepare({ seed: seed + 1, count: 50 })]);
  const line = await fitLine({ samples: training.samples });
  const error = await evaluate({ line, samples: validation.samples });
  return { ...line, error, dropped: training.dropped + validation.dropped };
});
