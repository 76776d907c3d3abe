/** Every example called plainly, as the function that it is. */
import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, test, vi } from "vitest";
import fanOut from "../../examples/fan-out/pipeline.ts";
import hello from "../../examples/hello/pipeline.ts";
import train from "../../examples/pipelines/pipeline.ts";
import { prepare } from "../../examples/pipelines/prepare.ts";
import rerunUntilGood, { load, split } from "../../examples/rerun-until-good/pipeline.ts";
import retry from "../../examples/retry/pipeline.ts";
import publishWhenApproved from "../../examples/signal/pipeline.ts";
import lookUntilItIsThere from "../../examples/sleep/pipeline.ts";

beforeEach(() => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  return () => print.mockRestore();
});

test("hello greets", async () => {
  expect(await hello({})).toEqual({ greeting: "Hello, world!" });
  expect(await hello({ name: "Ada" })).toEqual({ greeting: "Hello, Ada!" });
});

test("fan-out estimates π from all of its samples", async () => {
  const { points, pi } = await fanOut({});
  expect(points).toBe(600_000);
  expect(pi).toBeCloseTo(Math.PI, 2);
  expect(await fanOut({ seeds: [3], count: 1_000 })).toEqual(await fanOut({ seeds: [3], count: 1_000 }));
});

test("retry asks once and catches, since a plain call makes one attempt", async () => {
  expect(await retry({})).toEqual({ from: "last week", prices: [9, 12], because: "the server is busy (attempt 1)" });
  expect(await retry({ answersAt: 1 })).toEqual({ from: "server", prices: [9.5, 12.25] });
});

test("sleep looks until the data have come, and really waits in between", async () => {
  const { rows, looks, waitedMs } = await lookUntilItIsThere({ every: 20 });
  expect({ rows, looks }).toEqual({ rows: 300, looks: 3 });
  expect(waitedMs).toBeGreaterThanOrEqual(40);
  await expect(lookUntilItIsThere({ every: 0, atMost: 2 })).rejects.toThrow("nothing came in 2 looks");
});

test("signal says that a plain call has nobody to wait for", async () => {
  await expect(publishWhenApproved({})).rejects.toThrow(
    'signal("approved") waits for somebody to send it, which nobody can in a plain call',
  );
});

test("pipelines prepare data in a pipeline of its own, which runs alone too", async () => {
  expect(await prepare({ seed: 7 })).toMatchObject({ dropped: 20 });
  const { slope, intercept, error, dropped } = await train({});
  expect([slope, intercept]).toEqual([expect.closeTo(2, 1), expect.closeTo(1, 1)]);
  expect(error).toBeLessThan(1);
  expect(dropped).toBe(25);
});

describe("rerun until good", () => {
  const folder = new URL("../../examples/rerun-until-good/", import.meta.url);

  test("its data are the 344 Palmer penguins, with two that were never measured", async () => {
    const rows = (await readFile(new URL("penguins.csv", folder), "utf8")).trim().split("\n").slice(1);
    const of = (species: string) => rows.filter((row) => row.startsWith(`${species},`)).length;
    expect([rows.length, of("Adelie"), of("Chinstrap"), of("Gentoo")]).toEqual([344, 152, 68, 124]);
    expect(await load()).toHaveLength(342);
  });

  test("splits without loss or doubles, and by the seed", async () => {
    const penguins = await load();
    const { training, validation } = await split({ penguins, seed: 1 });
    expect([training.length, validation.length]).toEqual([239, 103]);
    const sorted = (list: typeof penguins) => list.map((penguin) => JSON.stringify(penguin)).sort();
    expect(sorted([...training, ...validation])).toEqual(sorted(penguins));
    expect(await split({ penguins, seed: 1 })).toEqual({ training, validation });
    expect(await split({ penguins, seed: 2 })).not.toEqual({ training, validation });
  });

  test("needs several turns, and then the best of the variants is a forest", async () => {
    expect(await rerunUntilGood({})).toEqual({
      good: true,
      turns: 5,
      depth: 4,
      features: 2,
      trees: 15,
      accuracy: 102 / 103,
      confusion: [
        [50, 1, 0],
        [0, 21, 0],
        [0, 0, 31],
      ],
    });
  });

  test("stops at once where the first tree is good enough", async () => {
    expect(await rerunUntilGood({ target: 0.5 })).toMatchObject({ good: true, turns: 1, depth: 1, features: 1 });
  });

  test("gives up after maxTurns and says so", async () => {
    expect(await rerunUntilGood({ target: 1, maxTurns: 2 })).toMatchObject({ good: false, turns: 2 });
  });
});
