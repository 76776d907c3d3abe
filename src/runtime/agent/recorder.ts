/** What a running attempt reports on its way to the store: gathered for a moment, so that a talkative step costs few transactions. */

import type { ArtifactRole, KeptArtifact } from "../../model/artifact.ts";
import type { Figure } from "../../model/figure.ts";
import type { Hash } from "../../model/hash.ts";
import type { LogLevel, LogLine } from "../../model/log.ts";
import type { Scalar } from "../../model/metric.ts";
import { type Monitor, monitoredName, seriesNamed } from "../../model/monitor.ts";
import type { TaskId } from "../../model/task.ts";
import type { Claim, Store, Upload } from "../ports.ts";
import type { ArtifactDraft, DraftContent } from "./artifact-draft.ts";
import type { Mask } from "./secrets.ts";
import { keep as keepText, textOf } from "./stored.ts";

/** Where a step's reports go: the store, or the channel to it. */
export interface Reporter {
  scalar(point: ReportedPoint): void;
  progress(fraction: number): void;
  figure(figure: ReportedFigure): void;
  /** The content of an artifact of the step is on its way, or is not any more. */
  announce(upload: ReportedUpload): void;
  withdraw(upload: ReportedUpload): void;
  /** Resolves when it is stored. */
  artifact(draft: ArtifactDraft): Promise<KeptArtifact>;
  /** The path of a file that has the content. */
  content(hash: Hash): Promise<string>;
  find(task: string, name: string, role: ArtifactRole): Promise<KeptArtifact | undefined>;
  /** Resolves when it is stored. */
  saveCheckpoint(text: string): Promise<void>;
  loadCheckpoint(): Promise<string | undefined>;
}

/** `on`: it is the pipeline's rather than the step's. */
export type ReportedPoint = Pick<Scalar, "title" | "series" | "value" | "iteration" | "at"> & { on?: "pipeline" };
export type ReportedFigure = Omit<Figure, "task" | "attempt"> & { on?: "pipeline" };
export type ReportedUpload = Pick<Upload, "role" | "name">;

export interface Recorder extends Reporter {
  line(stream: LogLine["stream"], text: string, level?: LogLevel): void;
  /** Hands over what was gathered. What is reported after this call is committed after it. Throws what the store refused before. */
  flush(): void;
  /** Resolves when everything that was handed over is committed or refused. */
  settled(): Promise<void>;
  /** Nothing was reported that is not settled. */
  readonly isIdle: boolean;
  /** Withdraws what is still announced. True where anything was: then something of it may lie in the spool. */
  end(): Promise<boolean>;
  /** Lines that the store has not taken yet. */
  readonly backlog: number;
}

export type RecorderStore = Pick<Store, "metrics" | "figures" | "artifacts" | "blobs" | "logs" | "checkpoints">;

const gatherMs = 50;

/** `mask`: of the step's secrets, which are not to be kept. */
export function createRecorder(store: RecorderStore, claim: Claim, mask?: Mask): Recorder {
  return new StoreRecorder(store, claim, mask);
}

type Owner = { task: TaskId; attempt: number };

/** Most steps report nothing: what is needed for it is made then. */
class StoreRecorder implements Recorder {
  readonly #store: RecorderStore;
  readonly #claim: Claim;
  readonly #mask: Mask | undefined;
  #writing: Set<Promise<unknown>> | undefined;
  #announced: Map<string, ReportedUpload> | undefined;
  #warned: Set<string> | undefined;
  #points: Scalar[] = [];
  #figures: Figure[] = [];
  #lines: LogLine[] = [];
  #fraction: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #refusal: { error: unknown } | undefined;
  backlog = 0;

  constructor(store: RecorderStore, claim: Claim, mask: Mask | undefined) {
    this.#store = store;
    this.#claim = claim;
    this.#mask = mask;
  }

  get isIdle(): boolean {
    const isWriting = this.#writing !== undefined && this.#writing.size > 0;
    return this.#timer === undefined && !isWriting && this.#announced === undefined;
  }

  scalar({ on, ...point }: ReportedPoint): void {
    this.#points.push({ ...this.#owner(on), ...point });
    const seen = on === undefined ? monitoredName(this.#monitor, "metrics", metricName(point)) : undefined;
    if (seen !== undefined) this.#points.push({ ...this.#owner("pipeline"), ...point, ...seriesNamed(seen) });
    this.#gather();
  }

  progress(fraction: number): void {
    this.#fraction = fraction;
    this.#gather();
  }

  figure({ on, ...figure }: ReportedFigure): void {
    this.#figures.push({ ...this.#owner(on), ...figure });
    this.#gather();
  }

  announce(upload: ReportedUpload): void {
    this.#announced ??= new Map();
    this.#announced.set(uploadName(upload), upload);
    this.#write(this.#store.artifacts.announce({ ...this.#owner(), ...upload }));
  }

  withdraw(upload: ReportedUpload): void {
    if (this.#announced?.delete(uploadName(upload)))
      this.#write(this.#store.artifacts.withdraw({ ...this.#owner(), ...upload }));
  }

  async artifact({ content, on, ...draft }: ArtifactDraft): Promise<KeptArtifact> {
    this.#hand();
    const { artifacts, blobs } = this.#store;
    const kept = { ...draft, ...(await keep(content, blobs)), createdAt: Date.now() };
    const artifact = { ...kept, ...this.#owner(on) };
    await artifacts.put(artifact);
    this.#announced?.delete(uploadName(draft));
    const part = draft.model ? "models" : "artifacts";
    const seen = on === undefined ? monitoredName(this.#monitor, part, draft.name) : undefined;
    if (seen !== undefined) await artifacts.put({ ...kept, ...this.#owner("pipeline"), name: seen });
    return artifact;
  }

  content(hash: Hash): Promise<string> {
    return this.#store.blobs.file(hash);
  }

  async saveCheckpoint(text: string): Promise<void> {
    const secret = this.#mask?.find(text);
    if (secret !== undefined) throw new Error(`the checkpoint holds the secret ${secret}, and would be kept`);
    const { task, attempt } = this.#owner();
    await this.#store.checkpoints.save(task, attempt, await keepText(text, this.#store.blobs));
  }

  async loadCheckpoint(): Promise<string | undefined> {
    const saved = await this.#store.checkpoints.load(this.#claim.task.id);
    return saved && textOf(saved, this.#store.blobs);
  }

  find(of: TaskId, name: string, role: ArtifactRole): Promise<KeptArtifact | undefined> {
    return this.#store.artifacts.find(of, name, { role });
  }

  line(stream: LogLine["stream"], text: string, level?: LogLevel): void {
    const shown = this.#mask ? this.#mask.hide(text) : text;
    this.#lines.push({ ...this.#owner(), stream, ...(level && { level }), text: shown, at: Date.now() });
    this.backlog += 1;
    this.#gather();
  }

  flush(): void {
    this.#hand();
    if (this.#refusal) throw this.#refusal.error;
  }

  async settled(): Promise<void> {
    this.#hand();
    while (this.#writing !== undefined && this.#writing.size > 0) {
      await Promise.all(this.#writing);
      this.#hand();
    }
  }

  async end(): Promise<boolean> {
    if (this.#announced === undefined) return false;
    const { artifacts } = this.#store;
    const left = [...this.#announced.values()];
    await Promise.all(left.map((upload) => artifacts.withdraw({ ...this.#owner(), ...upload })));
    return true;
  }

  get #monitor(): Monitor | undefined {
    const { run, options } = this.#claim.task;
    return run === undefined ? undefined : options.monitor;
  }

  /** What many steps report of one pipeline goes on whichever of them is tried again: it is of no attempt. */
  #owner(on?: "pipeline"): Owner {
    const { task, attempt } = this.#claim;
    return on === "pipeline" && task.run !== undefined ? { task: task.run, attempt: 0 } : { task: task.id, attempt };
  }

  #gather(): void {
    this.#timer ??= setTimeout(() => this.#hand(), gatherMs);
  }

  #hand(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [points, figures, lines, fraction] = [this.#points, this.#figures, this.#lines, this.#fraction];
    this.#points = [];
    this.#figures = [];
    this.#lines = [];
    this.#fraction = undefined;
    const { metrics, figures: kept, logs } = this.#store;
    const { task, attempt } = this.#owner();
    if (points.length > 0) this.#write(metrics.append(points));
    if (figures.length > 0) this.#write(kept.put(figures));
    if (fraction !== undefined) this.#write(metrics.progress(task, attempt, fraction));
    if (lines.length > 0) this.#write(logs.append(lines).finally(() => (this.backlog -= lines.length)));
  }

  #write(promise: Promise<unknown>): void {
    this.#writing ??= new Set();
    const writing = this.#writing;
    const written = promise.catch((error) => this.#refused(error)).finally(() => writing.delete(written));
    writing.add(written);
  }

  /** What is too much is not kept, and the step's log says so, once. */
  #refused(error: Error): void {
    if (error.name !== "LimitError") {
      this.#refusal ??= { error };
      return;
    }
    this.#warned ??= new Set();
    if (this.#warned.has(error.message)) return;
    this.#warned.add(error.message);
    this.line("stderr", error.message, "warn");
  }
}

async function keep(content: DraftContent, blobs: Store["blobs"]): Promise<{ hash: Hash; bytes: number }> {
  if ("whole" in content) return { hash: await blobs.put(content.whole), bytes: content.whole.length };
  const { hash, bytes } = content;
  // Whatever names a content that the store does not have is refused.
  if ("file" in content) await blobs.adopt(content.file, hash, bytes);
  else await blobs.file(hash);
  return { hash, bytes };
}

const uploadName = ({ role, name }: ReportedUpload): string => `${role} ${name}`;
const metricName = ({ title, series }: Pick<Scalar, "title" | "series">): string => `${title}/${series}`;
