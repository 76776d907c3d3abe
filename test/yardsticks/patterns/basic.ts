/** Basic control flow. */
import { pipeline } from "reprise";
import { double, increment } from "./steps.ts";

export const sequence = pipeline("1 Sequence", async () => {
  const first = await double({ n: 1 });
  return await increment({ n: first });
});

export const parallelSplit = pipeline("2 Parallel split", async () => {
  const one = double({ n: 1 });
  const two = increment({ n: 2 });
  return [await one, await two];
});

export const synchronization = pipeline("3 Synchronization", async () => {
  const parts = await Promise.all([double({ n: 1 }), double({ n: 2 }), increment({ n: 3 })]);
  return await double({ n: parts.reduce((sum, part) => sum + part, 0) });
});

export const exclusiveChoice = pipeline("4 Exclusive choice", async ({ kind }: { kind: "double" | "increment" }) => {
  switch (kind) {
    case "double":
      return await double({ n: 10 });
    case "increment":
      return await increment({ n: 10 });
  }
});

export const simpleMerge = pipeline("5 Simple merge", async ({ big }: { big: boolean }) => {
  let n: number;
  if (big) n = await double({ n: 100 });
  else n = await increment({ n: 1 });
  return await increment({ n });
});
