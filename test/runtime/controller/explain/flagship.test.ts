import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../../../src/compiler/compile.ts";
import { explain } from "../../../../src/runtime/controller/explain/explain.ts";
import { load } from "../../../../src/runtime/controller/graph/load.ts";

const file = join(import.meta.dirname, "../../../../examples/rerun-until-good/pipeline.ts");

test("the flagship says why it trains again, and why not any more", { timeout: 60_000 }, async () => {
  const { pipeline } = await compile(file);
  const loaded = load(pipeline.graph);
  const accuracies = [0.737864, 0.757281, 0.728155, 0.961165, 0.98, 0.97, 0.96];
  const steps: Record<string, () => unknown> = {
    load: () => [],
    split: () => ({ training: [], validation: [] }),
    train: () => ({ settings: {}, trees: [] }),
    evaluate: () => ({ accuracy: accuracies.shift(), confusion: [] }),
  };
  const told: string[] = [];
  await loaded.run(
    {},
    {
      call: async (_path, { template }) => steps[template!]?.(),
      decide: (decision) => told.push(`${decision.path}: ${explain(decision, loaded.texts)}`),
    },
  );
  expect(told).toEqual([
    "loop1[1]: score.accuracy 0.7379 < target 0.95 && turns 1 < maxTurns 8 → iteration 1",
    "loop1[1]/if1: helped is true → then",
    "loop1[2]: score.accuracy 0.7573 < target 0.95 && turns 2 < maxTurns 8 → again (iteration 2)",
    "loop1[2]/if1: helped is true → then",
    "loop1[3]: score.accuracy 0.7282 < target 0.95 && turns 3 < maxTurns 8 → again (iteration 3)",
    "loop1[3]/if1: helped is false && settings.features 1 === 4 is false → else",
    "loop1[4]: score.accuracy 0.9612 < target 0.95 is false → done (after 3 iterations)",
  ]);
});
