/**
 * Cache: run it twice, and nothing is done twice. Run it with another `length`, and only `longest` runs again: `reprise task why` says which part of its
 * input differs. `--refresh split` does that step again, and whatever depends on a new output.
 */
import { pipeline, step } from "reprise";

const text = "the quick brown fox jumps over the lazy dog while the cat sleeps";

export const split = step.cache({ key: "2026-11", ttl: "7d" })(async () => text.split(" "));

export const longest = step.cache()(async ({ words, length }: { words: string[]; length: number }) =>
  words.filter((word) => word.length >= length).toSorted((a, b) => b.length - a.length || a.localeCompare(b)),
);

export default pipeline("cache", async ({ length = 5 }: { length?: number }) => {
  const words = await split();
  return await longest({ words, length });
});
