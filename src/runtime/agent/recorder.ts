/** What a running attempt reports on its way to the store: gathered for a moment, so that a talkative step costs few transactions. */

import type { ArtifactRole, KeptArtifact } from "../../model/artifact.ts";
import type { Figure } from "../../model/figure.ts";
import type { Hash } from "../../model/hash.ts";
import type { LogLevel, LogLine } from "../../model/log.ts";
import type { Scalar } from "../../model/metric.ts";
import { monitoredName, seriesNamed } from "../../model/monitor.ts";
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
  /** Withdraws what is still announced. True where anything was: then something of it may lie in the spool. */
  end(): Promise<boolean>;
  /** Lines that the store has not taken yet. */
  readonly backlog: number;
}

export type RecorderStore = Pick<Store, "metrics" | "figures" | "artifacts" | "blobs" | "logs" | "checkpoints">;

const gatherMs = 50;

/** `mask`: of the step's secrets, which are not to be kept. */
export function createRecorder(store: RecorderStore, claim: Claim, mask?: Mask): Recorder {
  const { task, attempt } = claim;
  const own = { task: task.id, attempt };
  /** What many steps report of one pipeline goes on whichever of them is tried again: it is of no attempt. */
  const pipeline = task.run === undefined ? own : { task: task.run, attempt: 0 };
  const ownerOf = ({ on }: { on?: "pipeline" }) => (on === "pipeline" ? pipeline : own);
  const monitor = task.run === undefined ? undefined : task.options.monitor;
  const announced = new Map<string, ReportedUpload>();
  const warned = new Set<string>();
  const writing = new Set<Promise<unknown>>();
  let spooled = false;
  let points: Scalar[] = [];
  let figures: Figure[] = [];
  let lines: LogLine[] = [];
  let fraction: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let refusal: { error: unknown } | undefined;
  let backlog = 0;

  const gather = () => {
    timer ??= setTimeout(hand, gatherMs);
  };
  const write = (promise: Promise<unknown>) => {
    const written = promise.catch(refused).finally(() => writing.delete(written));
    writing.add(written);
    return written;
  };
  /** What is too much is not kept, and the step's log says so, once. */
  const refused = (error: Error) => {
    if (error.name !== "LimitError") refusal ??= { error };
    else if (!warned.has(error.message)) {
      warned.add(error.message);
      line("stderr", error.message, "warn");
    }
  };
  const hand = () => {
    clearTimeout(timer);
    timer = undefined;
    if (points.length > 0) void write(store.metrics.append(points));
    if (figures.length > 0) void write(store.figures.put(figures));
    if (fraction !== undefined) void write(store.metrics.progress(own.task, attempt, fraction));
    if (lines.length > 0) {
      const count = lines.length;
      void write(store.logs.append(lines).finally(() => (backlog -= count)));
    }
    points = [];
    figures = [];
    lines = [];
    fraction = undefined;
  };
  const line: Recorder["line"] = (stream, text, level) => {
    const shown = mask ? mask.hide(text) : text;
    lines.push({ ...own, stream, ...(level !== undefined && { level }), text: shown, at: Date.now() });
    backlog += 1;
    gather();
  };
  const upload = (given: ReportedUpload): Upload => ({ ...own, ...given });

  return {
    line,
    scalar({ on, ...point }) {
      points.push({ ...ownerOf({ ...(on && { on }) }), ...point });
      const seen = monitor && on === undefined ? monitoredName(monitor, "metrics", metricName(point)) : undefined;
      if (seen !== undefined) points.push({ ...pipeline, ...point, ...seriesNamed(seen) });
      gather();
    },
    progress(reported) {
      fraction = reported;
      gather();
    },
    figure({ on, ...figure }) {
      figures.push({ ...ownerOf({ ...(on && { on }) }), ...figure });
      gather();
    },
    announce(given) {
      announced.set(`${given.role} ${given.name}`, given);
      spooled = true;
      void write(store.artifacts.announce(upload(given)));
    },
    withdraw(given) {
      if (announced.delete(`${given.role} ${given.name}`)) void write(store.artifacts.withdraw(upload(given)));
    },
    async artifact({ content, on, ...draft }) {
      hand();
      const kept = { ...draft, ...(await keep(content, store.blobs)), createdAt: Date.now() };
      const artifact = { ...kept, ...ownerOf({ ...(on && { on }) }) };
      await store.artifacts.put(artifact);
      announced.delete(`${draft.role} ${draft.name}`);
      const seen = on === undefined && monitoredName(monitor, draft.model ? "models" : "artifacts", draft.name);
      if (seen) await store.artifacts.put({ ...kept, ...pipeline, name: seen });
      return artifact;
    },
    content: (hash) => store.blobs.file(hash),
    async saveCheckpoint(text) {
      const secret = mask?.find(text);
      if (secret !== undefined) throw new Error(`the checkpoint holds the secret ${secret}, and would be kept`);
      await store.checkpoints.save(own.task, attempt, await keepText(text, store.blobs));
    },
    async loadCheckpoint() {
      const saved = await store.checkpoints.load(own.task);
      return saved && textOf(saved, store.blobs);
    },
    find: (of, name, role) => store.artifacts.find(of, name, { role }),
    flush() {
      hand();
      if (refusal) throw refusal.error;
    },
    async settled() {
      hand();
      while (writing.size > 0) await Promise.all(writing);
    },
    async end() {
      await Promise.all([...announced.values()].map((given) => store.artifacts.withdraw(upload(given))));
      return spooled;
    },
    get backlog() {
      return backlog;
    },
  };
}

async function keep(content: DraftContent, blobs: Store["blobs"]): Promise<{ hash: Hash; bytes: number }> {
  if ("whole" in content) return { hash: await blobs.put(content.whole), bytes: content.whole.length };
  const { hash, bytes } = content;
  // Whatever names a content that the store does not have is refused.
  if ("file" in content) await blobs.adopt(content.file, hash, bytes);
  else await blobs.file(hash);
  return { hash, bytes };
}

const metricName = ({ title, series }: Pick<Scalar, "title" | "series">): string => `${title}/${series}`;
