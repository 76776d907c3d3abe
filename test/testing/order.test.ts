/** Which of several things happens first is the test's choice. */
import { expect, test } from "vitest";
import { type Held, type Order, TestError, testPipeline } from "../../src/testing/index.ts";
import * as fixtures from "./fixtures/pipelines.ts";

const together = (order?: Order) =>
  testPipeline({ ...fixtures, default: fixtures.together }, order === undefined ? {} : { order });

const done = async (order?: Order) => (await together(order)).result.done.join("");

test("completions come in the order of the calls unless the test says otherwise", async () => {
  expect((await together()).result).toEqual({ done: ["a", "b", "c"], first: "a" });
  expect(await done("first in first")).toBe("abc");
  expect((await together("last in first")).result).toEqual({ done: ["c", "b", "a"], first: "c" });
});

test("a seed gives the same order every time, and seeds give different ones", async () => {
  expect(await done({ seed: 5 })).toBe(await done({ seed: 5 }));
  const orders = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => done({ seed })));
  expect(new Set(orders).size).toBeGreaterThan(1);
});

test("a function chooses among what is held, which it sees by kind, name and path", async () => {
  const seen: (readonly Held[])[] = [];
  const order: Order = (held) => {
    seen.push(held);
    return held.find(({ path }) => path === "each#2/work") ?? held[0];
  };
  expect(await done(order)).toBe("bac");
  expect(seen[0]).toEqual([
    { kind: "step", name: "work", path: "each#1/work" },
    { kind: "step", name: "work", path: "each#2/work" },
    { kind: "step", name: "work", path: "each#3/work" },
  ]);
});

test("calls are told in the order in which they were made, whatever the order of their ends", async () => {
  const { calls } = await together("last in first");
  expect(calls.map(({ path }) => path)).toEqual(["each#1/work", "each#2/work", "each#3/work"]);
});

test("an order function that gives nothing that is held is refused", async () => {
  await expect(together(() => undefined)).rejects.toThrow(
    "the order function gave undefined, which is none of what it got: give one of its elements, here those of each#1/work, each#2/work, each#3/work",
  );
  const copy: Order = (held) => ({ ...held[0]! });
  await expect(together(copy)).rejects.toThrow("the order function gave { kind: 'step', name: 'work'");
  await expect(together((held) => held[held.length])).rejects.toBeInstanceOf(TestError);
});

test("what an order function throws is the test's own error", async () => {
  const order = () => {
    throw new Error("no idea");
  };
  await expect(together(order)).rejects.toThrow("no idea");
});

test("what is no order is refused", async () => {
  await expect(together("random" as never)).rejects.toThrow("'random' is no order: write \"first in first\"");
  await expect(together({ seed: "7" } as never)).rejects.toThrow("is no order");
});
