/** A series of numbers as one line of text. */

const bars = "▁▂▃▄▅▆▇█";

/** One bar a value, from the least to the greatest; a blank where there is no finite number. */
export function sparkline(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  const [least, greatest] = [Math.min(...finite), Math.max(...finite)];
  const height = greatest - least;
  return values
    .map((value) => {
      if (!Number.isFinite(value)) return " ";
      return height === 0 ? bars[3] : bars[Math.round(((value - least) / height) * (bars.length - 1))];
    })
    .join("");
}

/** The mean of each of `width` equally long stretches; fewer where there are fewer values. */
export function averaged(values: readonly number[], width: number): number[] {
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * values.length) / count);
    const stretch = values.slice(from, Math.floor(((i + 1) * values.length) / count)).filter(Number.isFinite);
    return stretch.reduce((sum, value) => sum + value, 0) / stretch.length;
  });
}
