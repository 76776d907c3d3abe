/** What runs a graph: it starts the steps, and hears of decisions. */
import type { Chance, ChanceSource } from "../../../model/chance.ts";
import type { Point } from "../../../model/handle.ts";
import type { CallNode } from "../../../model/node.ts";
import type { Timer } from "../../../model/timer.ts";
import type { Decision } from "../explain/decision.ts";

export interface Host {
  /**
   * Starts a step; the promise settles when its result is delivered. `path` is the call's identity in the run (`model/identity.ts`). It must
   * be an ordinary promise, as any other kind would take more ticks to be awaited.
   */
  call(path: string, node: CallNode, input: unknown): Promise<unknown>;
  /** A decision was made, for people. Without it, what is weighed is not remembered. */
  decide?(decision: Decision): void;
  /** The node at `path` does not run: `fit failed`, or `new rows was not taken`. */
  skip?(path: string, reason: string): void;
  /** Aborts the call at `path`, by its handle. */
  abort?(path: string, reason: string): void;
  /** See `Handle.metric`; of the call at `path`. */
  metric?(path: string, title: string, series: string, meets: (point: Point) => boolean): Promise<Point | undefined>;
  /** Starts a wait for a time. Without it there are none. */
  timer?(path: string, timer: Timer): Promise<unknown>;
  /** Starts a wait for a signal. Without it there are none. `name` and `options` are what the body gave. */
  signal?(path: string, name: unknown, options: unknown): Promise<unknown>;
  /** Reads a source of chance or time; `path` is the identity of that reading: `loop1[3]/Date.now#2`. Without it there are none. */
  chance?(path: string, source: ChanceSource): Chance;
}
