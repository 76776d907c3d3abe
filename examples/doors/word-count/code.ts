/** A fan-out, through the code door; class.ts is the same pipeline as a class. */
import { pipeline, step } from "reprise";

export const count = step.retry(2)(async ({ text }: { text: string }) => {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return { words: words.length, longest: words.reduce((a, b) => (b.length > a.length ? b : a), "") };
});

export const total = step(async ({ counts }: { counts: { words: number; longest: string }[] }) => ({
  words: counts.reduce((sum, { words }) => sum + words, 0),
  longest: counts.map(({ longest }) => longest).sort((a, b) => b.length - a.length)[0] ?? "",
}));

export default pipeline("word count", async ({ texts }: { texts: string[] }) => {
  const counts = await Promise.all(texts.map((text) => count({ text })));
  const sum = await total({ counts });
  return { ...sum, texts: texts.length };
});
