/** Advanced branching and synchronization. */
import { pipeline, start } from "reprise";
import { some } from "./joins.ts";
import { double, hang, increment } from "./steps.ts";

export const multiChoice = pipeline("6 Multi-choice", async ({ left, right }: { left: boolean; right: boolean }) => {
  const chosen: Promise<number>[] = [];
  if (left) chosen.push(double({ n: 1 }));
  if (right) chosen.push(increment({ n: 1 }));
  return (await Promise.all(chosen)).length;
});

export const structuredSynchronizingMerge = pipeline(
  "7 Structured synchronizing merge",
  async ({ left, right }: { left: boolean; right: boolean }) => {
    const [one, two] = await Promise.all([left ? double({ n: 1 }) : undefined, right ? double({ n: 2 }) : undefined]);
    return await increment({ n: (one ?? 0) + (two ?? 0) });
  },
);

export const multiMerge = pipeline("8 Multi-merge", async () => {
  const next = async (arrival: Promise<number>) => increment({ n: await arrival });
  return await Promise.all([double({ n: 1 }), double({ n: 2 })].map(next));
});

export const structuredDiscriminator = pipeline("9 Structured discriminator", async () => {
  const first = await Promise.race([hang({ n: 1 }), double({ n: 2 }), hang({ n: 3 })]);
  return await increment({ n: first });
});

export const blockingDiscriminator = pipeline("28 Blocking discriminator", async () => {
  const firsts: number[] = [];
  for (const round of [1, 2]) {
    const all = [double({ n: round }), double({ n: round }), increment({ n: 2 * round - 1 })];
    firsts.push(await Promise.race(all));
    await Promise.all(all);
  }
  return firsts;
});

export const cancellingDiscriminator = pipeline("29 Cancelling discriminator", async () => {
  const branches = [start(hang, { n: 1 }), start(double, { n: 2 }), start(hang, { n: 3 })];
  const first = await Promise.race(branches.map((branch) => branch.result()));
  for (const branch of branches) branch.abort("another was first");
  return await increment({ n: first });
});

export const structuredPartialJoin = pipeline("30 Structured partial join", async () => {
  const firsts = await some(2, [double({ n: 1 }), hang({ n: 0 }), double({ n: 1 }), hang({ n: 0 })]);
  return await increment({ n: firsts.length });
});

export const blockingPartialJoin = pipeline("31 Blocking partial join", async () => {
  const joined: number[] = [];
  for (const round of [1, 2]) {
    const all = [1, 2, 3].map(() => double({ n: round }));
    joined.push((await some(2, all)).length);
    await Promise.all(all);
  }
  return joined;
});

export const cancellingPartialJoin = pipeline("32 Cancelling partial join", async () => {
  const branches = [start(double, { n: 1 }), start(hang, { n: 2 }), start(double, { n: 1 })];
  const firsts = await some(
    2,
    branches.map((branch) => branch.result()),
  );
  for (const branch of branches) branch.abort("two were enough");
  return await increment({ n: firsts.length });
});

export const generalizedAndJoin = pipeline("33 Generalized AND-join", async () => {
  const left = [1, 2].map((n) => double({ n }));
  const right = [3, 4].map((n) => increment({ n }));
  return await Promise.all(left.map(async (one, i) => double({ n: (await one) + (await right[i]!) })));
});

export const localSynchronizingMerge = pipeline(
  "37 Local synchronizing merge",
  async ({ branches }: { branches: number }) => {
    const inner = branches > 1 ? Promise.all([double({ n: 1 }), double({ n: 2 })]) : Promise.all([double({ n: 1 })]);
    const outer = branches > 2 ? increment({ n: 1 }) : undefined;
    return [await inner, await outer];
  },
);

export const threadMerge = pipeline("41 Thread merge", async () => {
  const threads = [1, 2, 3].map((n) => double({ n }));
  let sum = 0;
  for (const thread of threads) sum += await thread;
  return await increment({ n: sum });
});

export const threadSplit = pipeline("42 Thread split", async () => {
  const count = await increment({ n: 2 });
  return await Promise.all(Array.from({ length: count }, (_, n) => double({ n })));
});
