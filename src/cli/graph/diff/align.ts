/** What two lists have in common, in order. */

/** Pairs of equal things, of which there are as many as can be (the longest common subsequence); the rest of both is left alone. */
export function alignLists<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): [T, T][] {
  const start = a.findIndex((x, i) => i >= b.length || !same(x, b[i]!));
  const head = start === -1 ? a.length : start;
  const pairs = a.slice(0, head).map((x, i): [T, T] => [x, b[i]!]);
  return [...pairs, ...longest(a.slice(head), b.slice(head), same)];
}

function longest<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): [T, T][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] = same(a[i]!, b[j]!)
        ? lengths[i + 1]![j + 1]! + 1
        : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  const pairs: [T, T][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (same(a[i]!, b[j]!)) pairs.push([a[i++]!, b[j++]!]);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i += 1;
    else j += 1;
  }
  return pairs;
}
