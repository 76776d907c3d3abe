/**
 * While the accuracy is under the target, change the settings and rerun; then try several variants at the same time
 * and keep the best.
 */
import { readFile } from "node:fs/promises";
import { pipeline, step, Task } from "reprise";
import { accuracyOf, confusionOf, type Forest, growTree, predict, type Settings } from "./forest.ts";
import { type Penguin, parsePenguins } from "./penguins.ts";
import { randomBy, resampled, shuffled } from "./random.ts";
import { reportOf } from "./report.ts";

export const load = step(async () => parsePenguins(await readFile(new URL("./penguins.csv", import.meta.url), "utf8")));

export const split = step(async ({ penguins, seed }: { penguins: Penguin[]; seed: number }) => {
  const mixed = shuffled(penguins, randomBy(seed));
  const border = Math.round(mixed.length * 0.7);
  return { training: mixed.slice(0, border), validation: mixed.slice(border) };
});

export const train = step.retry(1).timeLimit("1m")(
  async ({ penguins, settings, seed }: { penguins: Penguin[]; settings: Settings; seed: number }) => {
    const random = randomBy(seed);
    const forest: Forest = { settings, trees: [] };
    for (let count = 1; count <= settings.trees; count += 1) {
      // The first tree learns from all penguins, each other one from a sample of its own.
      forest.trees.push(growTree(count === 1 ? penguins : resampled(penguins, random), settings));
      Task.current().scalar("accuracy", "training", accuracyOf(predict(forest, penguins), penguins), count);
      Task.current().progress(count / settings.trees);
    }
    return forest;
  },
);

export const evaluate = step(async ({ forest, penguins }: { forest: Forest; penguins: Penguin[] }) => {
  const predicted = predict(forest, penguins);
  const accuracy = accuracyOf(predicted, penguins);
  Task.current().scalar("accuracy", "validation", accuracy, forest.settings.trees);
  return { accuracy, confusion: confusionOf(predicted, penguins) };
});

export const report = step(async ({ forest, score, turns }: { forest: Forest; score: Score; turns: number }) => {
  await Task.current().artifact("model.json", forest);
  await Task.current().artifact("report.md", reportOf(forest.settings, score, turns), { type: "text/markdown" });
});

type Score = Awaited<ReturnType<typeof evaluate>>;
type Params = { target?: number; maxTurns?: number; seed?: number };

export default pipeline("rerun until good", async ({ target = 0.95, maxTurns = 8, seed = 13 }: Params) => {
  const penguins = await load();
  const { training, validation } = await split({ penguins, seed });

  // One tree that may ask one question about one measurement.
  const settings: Settings = { depth: 1, features: 1, trees: 1 };
  let forest = await train({ penguins: training, settings, seed });
  let score = await evaluate({ forest, penguins: validation });
  let turns = 1;
  let helped = true;

  // Not good enough: a deeper tree for as long as that helps, else one more measurement to ask about.
  while (score.accuracy < target && turns < maxTurns) {
    if (helped || settings.features === 4) settings.depth += 1;
    else settings.features += 1;
    forest = await train({ penguins: training, settings, seed });
    const next = await evaluate({ forest, penguins: validation });
    helped = next.accuracy > score.accuracy;
    score = next;
    turns += 1;
  }

  // Whole forests with these settings, all at the same time.
  const variants = await Promise.all(
    [5, 15, 45].map(async (trees) => {
      const forest = await train({ penguins: training, settings: { ...settings, trees }, seed });
      return { forest, score: await evaluate({ forest, penguins: validation }) };
    }),
  );
  const best = [{ forest, score }, ...variants].reduce((a, b) => (b.score.accuracy > a.score.accuracy ? b : a));

  await report({ ...best, turns });
  return { good: best.score.accuracy >= target, turns, ...best.forest.settings, ...best.score };
});
