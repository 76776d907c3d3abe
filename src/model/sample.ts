/** A long series by fewer points, so that a picture of it looks the same. */

/**
 * The indices of about `points` of the values, in order: the first, the last, and of each of equally long stretches the least and the greatest value,
 * so that no spike is lost. NaN stands only where a stretch has nothing else. It is the min-max part of M4: U. Jugel, Z. Jerzak, G. Hackenbroich,
 * V. Markl, "M4: A Visualization-Oriented Time Series Data Aggregation", PVLDB 7(10), 2014.
 */
export function sampleOf(values: ArrayLike<number>, points: number): number[] {
  const { length } = values;
  if (length <= Math.max(points, 4)) return Array.from({ length }, (_, i) => i);
  const stretches = Math.max(1, Math.floor((points - 2) / 2));
  const kept = [0];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor((stretch * (length - 2)) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * (length - 2)) / stretches);
    let [least, greatest] = [from, from];
    for (let i = from + 1; i < to; i++) {
      if (Number.isNaN(values[i]!)) continue;
      if (Number.isNaN(values[least]!)) [least, greatest] = [i, i];
      if (values[i]! < values[least]!) least = i;
      if (values[i]! > values[greatest]!) greatest = i;
    }
    kept.push(...(least === greatest ? [least] : [Math.min(least, greatest), Math.max(least, greatest)]));
  }
  kept.push(length - 1);
  return kept;
}
