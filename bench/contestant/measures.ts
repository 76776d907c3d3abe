/** What a contestant shows in one round. */
export type Round = {
  /** From the start of the process to the end of the first step. */
  coldMs: number;
  /** W1: 500 steps in a row; milliseconds a step. */
  chain: number;
  /** W2: 2,000 steps, 16 at a time, then one that joins them; milliseconds a step. */
  fanout: number;
  /** W3: 200 reruns of a step, until its result is large enough; milliseconds each. */
  loop: number;
  /** W4: 500 runs of five steps at once; milliseconds a step. */
  runs: number;
  /** W5: 64 steps that compute for 20 ms each, to what two cores would take. */
  cores?: number;
  /** The processor's time of all measures together. */
  cpuMs: number;
  rssMb: number;
};

export const measures = ["chain", "fanout", "loop", "runs"] as const;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
