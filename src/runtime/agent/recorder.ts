/** What a running attempt reports on its way to the store: gathered for a moment, so that a talkative step costs few transactions. */

import type { LogLine } from "../../model/log.ts";
import type { Scalar } from "../../model/metric.ts";
import type { Claim, Store } from "../ports.ts";
import type { ArtifactDraft } from "./executors/artifact-draft.ts";

/** Where a step's reports go: the store, or the channel to it. */
export interface Reporter {
  scalar(point: ReportedPoint): void;
  progress(fraction: number): void;
  /** Resolves when it is stored. */
  artifact(draft: ArtifactDraft): Promise<void>;
}

export type ReportedPoint = Pick<Scalar, "title" | "series" | "value" | "iteration" | "at">;

export interface Recorder extends Reporter {
  line(stream: LogLine["stream"], text: string): void;
  /** Hands over what was gathered. What is reported after this call is committed after it. Throws what the store refused before. */
  flush(): void;
  /** Resolves when everything that was handed over is committed or refused. */
  settled(): Promise<void>;
  /** Lines that the store has not taken yet. */
  readonly backlog: number;
}

const gatherMs = 50;

export function createRecorder(store: Pick<Store, "metrics" | "artifacts" | "logs">, claim: Claim): Recorder {
  const owner = { task: claim.task.id, attempt: claim.attempt };
  const writing = new Set<Promise<unknown>>();
  let points: Scalar[] = [];
  let lines: LogLine[] = [];
  let fraction: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let refusal: { error: unknown } | undefined;
  let backlog = 0;

  const gather = () => {
    timer ??= setTimeout(hand, gatherMs);
  };
  const write = (promise: Promise<unknown>) => {
    const written = promise.catch((error) => (refusal ??= { error })).finally(() => writing.delete(written));
    writing.add(written);
    return written;
  };
  const hand = () => {
    clearTimeout(timer);
    timer = undefined;
    if (points.length > 0) void write(store.metrics.append(points));
    if (fraction !== undefined) void write(store.metrics.progress(owner.task, owner.attempt, fraction));
    if (lines.length > 0) {
      const count = lines.length;
      void write(store.logs.append(lines).finally(() => (backlog -= count)));
    }
    points = [];
    lines = [];
    fraction = undefined;
  };

  return {
    scalar(point) {
      points.push({ ...owner, ...point });
      gather();
    },
    progress(reported) {
      fraction = reported;
      gather();
    },
    async artifact({ content, ...draft }) {
      hand();
      await store.artifacts.put({ ...owner, ...draft, createdAt: Date.now() }, content);
    },
    line(stream, text) {
      lines.push({ ...owner, stream, text, at: Date.now() });
      backlog += 1;
      gather();
    },
    flush() {
      hand();
      if (refusal) throw refusal.error;
    },
    async settled() {
      hand();
      while (writing.size > 0) await Promise.all(writing);
    },
    get backlog() {
      return backlog;
    },
  };
}
