/** Where things of one row stand, side by side in their order and as near as can be to where they would like to. */

export type Wish = { /** Of its center. */ x: number; width: number; weight: number };

/** Centers, at least `gap` pixels between two neighbours; the least sum of squared ways from what was wished (pool adjacent violators). */
export function align(wishes: readonly Wish[], gap: (left: number) => number): number[] {
  const offsets: number[] = [];
  wishes.forEach(({ width }, i) => {
    offsets.push(i === 0 ? 0 : offsets[i - 1]! + wishes[i - 1]!.width / 2 + gap(i - 1) + width / 2);
  });
  const pools: { sum: number; weight: number; count: number }[] = [];
  wishes.forEach(({ x, weight }, i) => {
    pools.push({ sum: (x - offsets[i]!) * weight, weight, count: 1 });
    while (pools.length > 1 && mean(pools.at(-2)!) > mean(pools.at(-1)!)) {
      const last = pools.pop()!;
      const before = pools.at(-1)!;
      before.sum += last.sum;
      before.weight += last.weight;
      before.count += last.count;
    }
  });
  const starts = pools.flatMap((pool) => Array.from({ length: pool.count }, () => mean(pool)));
  return starts.map((start, i) => start + offsets[i]!);
}

const mean = ({ sum, weight }: { sum: number; weight: number }): number => sum / weight;
