import type { Settings } from "./forest.ts";
import { species } from "./penguins.ts";

/** A page for people, in Markdown. */
export function reportOf(
  settings: Settings,
  score: { accuracy: number; confusion: number[][] },
  turns: number,
): string {
  const { depth, features, trees } = settings;
  return `# Penguins

Accuracy **${(score.accuracy * 100).toFixed(1)} %** after ${turns} turns.
Trees: ${trees}. Questions deep: ${depth}. Measurements to ask about: ${features}.

| is ↓ taken for → | ${species.join(" | ")} |
| --- | ${species.map(() => "---:").join(" | ")} |
${species.map((name, row) => `| ${name} | ${score.confusion[row]?.join(" | ")} |`).join("\n")}
`;
}
