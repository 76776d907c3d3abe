/** Measures by which a process is ended that does not end by itself. */

/** What is done, and how long after the measure before. */
export type Measure = { afterMs: number; take(): void };

/** Takes one after the other. Gives the way to stop. */
export function takeInTurn(measures: readonly Measure[]): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = ([measure, ...others]: readonly Measure[]) => {
    if (measure === undefined) return;
    timer = setTimeout(() => {
      measure.take();
      wait(others);
    }, measure.afterMs);
  };
  wait(measures);
  return () => clearTimeout(timer);
}
