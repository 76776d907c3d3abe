/** The candidate that `word` was probably meant to be: one that begins with it, or is at most a third of it away in single typing mistakes. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const allowed = Math.max(1, Math.floor(word.length / 3));
  const ranked = all
    .map((candidate) => ({ candidate, distance: typingDistance(word, candidate) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate ?? (word.length >= 3 ? all.find((candidate) => candidate.startsWith(word)) : undefined);
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function typingDistance(a: string, b: string): number {
  let [beforeLast, last]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last![j]! + 1, row[j - 1]! + 1, last![j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, beforeLast![j - 2]! + 1);
    }
    [beforeLast, last] = [last!, row];
  }
  return last![b.length]!;
}
