/** Handles: a started step as a value of the body. The same object in a run and in a plain call; what it does is its host's. */

export interface Handle<Output> {
  /** The step's output, as awaiting its call would give it; the same promise each time. Rejects with its error, or an AbortedError. */
  result(): Promise<Output>;
  /** Asks the step to end. What has ended already stays as it is; the result of one that had not needs no catching. */
  abort(reason?: string): void;
  /**
   * The first point of the series, reported from now on, that meets the predicate, while the step still runs; undefined where it ends
   * first. In a run it sees the last point of what a step reports at once.
   */
  metric(title: string, series: string, predicate: (point: Point) => boolean): Promise<Point | undefined>;
}

/** A value that a step reported by `scalar`. */
export type Point = { value: number; iteration: number };

export type HandleHost = {
  abort(reason: string): void;
  metric(title: string, series: string, predicate: (point: Point) => boolean): Promise<Point | undefined>;
};

export function handleOf<Output>(result: Promise<Output>, host: HandleHost): Handle<Output> {
  return Object.freeze({
    result: () => result,
    abort(reason?: string) {
      // Who aborts a step knows that it fails.
      result.catch(() => {});
      host.abort(reason === undefined ? "the pipeline aborted it" : String(reason));
    },
    metric: (title: string, series: string, predicate: (point: Point) => boolean) =>
      host.metric(String(title), String(series), predicate),
  });
}
