/** The points of a batch as one row: three columns of 64-bit floats, which keep NaN and the infinities. */
import type { Scalar } from "../../model/metric.ts";

export type Columns = { iterations: Float64Array; values: Float64Array; ats: Float64Array };

export function packPoints(points: readonly Pick<Scalar, "iteration" | "value" | "at">[]): Uint8Array {
  const n = points.length;
  const packed = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    const { iteration, value, at } = points[i]!;
    packed[i] = iteration;
    packed[n + i] = value;
    packed[2 * n + i] = at;
  }
  return new Uint8Array(packed.buffer);
}

export function unpackPoints(packed: Uint8Array): Columns {
  // Copied: floats want to lie at a multiple of eight bytes.
  const all = new Float64Array(packed.slice().buffer);
  const n = all.length / 3;
  return { iterations: all.subarray(0, n), values: all.subarray(n, 2 * n), ats: all.subarray(2 * n) };
}
