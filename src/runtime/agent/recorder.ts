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
  /** Nothing was reported that is not settled. */
  readonly isIdle: boolean;
  /** Lines that the store has not taken yet. */
  readonly backlog: number;
}

const gatherMs = 50;

export function createRecorder(store: RecorderStore, claim: Claim): Recorder {
  return new StoreRecorder(store, claim);
}

type RecorderStore = Pick<Store, "metrics" | "artifacts" | "logs">;

/** Most steps report nothing: what is needed for it is made then. */
class StoreRecorder implements Recorder {
  readonly #store: RecorderStore;
  readonly #claim: Claim;
  #writing: Set<Promise<unknown>> | undefined;
  #points: Scalar[] = [];
  #lines: LogLine[] = [];
  #fraction: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #refusal: { error: unknown } | undefined;
  backlog = 0;

  constructor(store: RecorderStore, claim: Claim) {
    this.#store = store;
    this.#claim = claim;
  }

  get isIdle(): boolean {
    return this.#timer === undefined && (this.#writing === undefined || this.#writing.size === 0);
  }

  scalar(point: ReportedPoint): void {
    this.#points.push({ ...this.#owner(), ...point });
    this.#gather();
  }

  progress(fraction: number): void {
    this.#fraction = fraction;
    this.#gather();
  }

  async artifact({ content, ...draft }: ArtifactDraft): Promise<void> {
    this.#hand();
    await this.#store.artifacts.put({ ...this.#owner(), ...draft, createdAt: Date.now() }, content);
  }

  line(stream: LogLine["stream"], text: string): void {
    this.#lines.push({ ...this.#owner(), stream, text, at: Date.now() });
    this.backlog += 1;
    this.#gather();
  }

  flush(): void {
    this.#hand();
    if (this.#refusal) throw this.#refusal.error;
  }

  async settled(): Promise<void> {
    this.#hand();
    while (this.#writing !== undefined && this.#writing.size > 0) await Promise.all(this.#writing);
  }

  #owner(): { task: string; attempt: number } {
    return { task: this.#claim.task.id, attempt: this.#claim.attempt };
  }

  #gather(): void {
    this.#timer ??= setTimeout(() => this.#hand(), gatherMs);
  }

  #hand(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [points, lines, fraction] = [this.#points, this.#lines, this.#fraction];
    this.#points = [];
    this.#lines = [];
    this.#fraction = undefined;
    const { metrics, logs } = this.#store;
    const { task, attempt } = this.#owner();
    if (points.length > 0) this.#write(metrics.append(points));
    if (fraction !== undefined) this.#write(metrics.progress(task, attempt, fraction));
    if (lines.length > 0) this.#write(logs.append(lines).finally(() => (this.backlog -= lines.length)));
  }

  #write(promise: Promise<unknown>): void {
    this.#writing ??= new Set();
    const writing = this.#writing;
    const written = promise.catch((error) => (this.#refusal ??= { error })).finally(() => writing.delete(written));
    writing.add(written);
  }
}
