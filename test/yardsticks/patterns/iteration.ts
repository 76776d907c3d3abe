/** Again and again. */
import { pipeline } from "reprise";
import { double, increment } from "./steps.ts";

export const structuredLoop = pipeline("21 Structured loop", async ({ target }: { target: number }) => {
  let n = 1;
  while (n < target) n = await double({ n });
  do n = await increment({ n });
  while (n % 5 !== 0);
  for (let i = 0; i < 2; i++) n = await increment({ n });
  return n;
});

/** Declared with its type, as its own body calls it. */
export const recursion: (params: { n: number }) => Promise<number> = pipeline(
  "22 Recursion",
  async ({ n }: { n: number }): Promise<number> => {
    if (n === 0) return 1;
    const smaller = await recursion({ n: n - 1 });
    return await double({ n: smaller });
  },
);
