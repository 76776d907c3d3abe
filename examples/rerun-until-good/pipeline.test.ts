/** What the pipeline decides, tested without growing a tree: its graph is the real one, its steps are fakes. */
import { testPipeline } from "reprise/testing";
import { expect, test } from "vitest";
import type { Forest, Settings } from "./forest.ts";
import * as module from "./pipeline.ts";

/** Steps that cost nothing; each evaluation gives the next of these accuracies, in the order in which they are asked for. */
function stepsWith(...accuracies: number[]) {
  return {
    load: () => [],
    split: () => ({ training: [], validation: [] }),
    train: ({ settings }: { settings: Settings }) => ({ settings, trees: [] }),
    evaluate: () => ({ accuracy: accuracies.shift() ?? 0, confusion: [] }),
    report: () => {},
  };
}

test("it trains again until the accuracy is good enough, and says why", async () => {
  const tested = await testPipeline(module, { params: { target: 0.9 }, steps: stepsWith(0.6, 0.8, 0.95) });
  expect(tested.result).toMatchObject({ good: true, turns: 3, accuracy: 0.95 });
  expect(tested.decisions.filter(({ of }) => of === "loop").map(({ explanation }) => explanation)).toEqual([
    "score.accuracy 0.6 < target 0.9 && turns 1 < maxTurns 8 → iteration 1",
    "score.accuracy 0.8 < target 0.9 && turns 2 < maxTurns 8 → again (iteration 2)",
    "score.accuracy 0.95 < target 0.9 is false → done (after 2 iterations)",
  ]);
});

test("it goes deeper for as long as that helps, else asks about one more measurement", async () => {
  const tested = await testPipeline(module, { params: { maxTurns: 4 }, steps: stepsWith(0.6, 0.8, 0.7, 0.75) });
  const settings = tested.callsOf("train").map(({ input }) => input.settings);
  expect(settings.slice(0, 4).map(({ depth, features }) => [depth, features])).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
    [3, 2],
  ]);
});

test("of the variants the best is reported, in whichever order they end", async () => {
  for (const order of ["first in first", "last in first", { seed: 1 }] as const) {
    const steps = {
      ...stepsWith(),
      evaluate: ({ forest }: { forest: Forest }) => ({
        accuracy: forest.settings.trees === 15 ? 0.99 : 0.9,
        confusion: [],
      }),
    };
    const tested = await testPipeline(module, { params: { target: 0.9 }, steps, order });
    expect(tested.result).toMatchObject({ trees: 15, accuracy: 0.99 });
    expect(tested.callsOf("report").map(({ input }) => input.turns)).toEqual([1]);
  }
});

test("a training that fails once is tried again; one that fails twice fails the pipeline", async () => {
  const steps = stepsWith(0.99);
  const once = await testPipeline(module, { steps, fail: { train: [new Error("out of memory")] } });
  expect(once.callsOf("train")[0]).toMatchObject({ status: "completed", attempts: 2 });
  const twice = await testPipeline(module, { steps, fail: { train: [new Error("one"), new Error("two")] } });
  expect(twice.error).toMatchObject({ message: "two" });
});

test("it comes to the same though its controller dies after every event", async () => {
  const tested = await testPipeline(module, {
    params: { target: 0.9 },
    steps: stepsWith(0.6, 0.95),
    crashAfter: "every event",
  });
  expect(tested.result).toMatchObject({ good: true, turns: 2 });
  expect(tested.resumes).toBeGreaterThan(20);
});
