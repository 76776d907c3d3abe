/**
 * The context of a running step: what `Task.current()` speaks to. Whoever runs a step binds one around it: a worker process, an inline
 * executor, or the plain call. A bundled step carries its own copy of the DSL, so the binding is found by a global symbol, not by a module.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Artifact, ArtifactReader, ArtifactRole, Metadata, ModelFacts } from "./artifact.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { PlotSpecification } from "./figure.ts";
import type { SignalOptions } from "./signal.ts";
import type { Timer } from "./timer.ts";

/** What a step may report of a task. */
export interface Reports {
  /** Reports a point of a series. Within a chart (`title`) each series has a line, over `iteration`. */
  scalar(title: string, series: string, value: number, iteration: number): void;
  /** A number of the whole task, such as its final accuracy: the only point of a series under the title `Summary`. The last one stays. */
  single(name: string, value: number): void;
  /** A Vega-Lite specification with its data in it, of at most 1 MB. Another of the same title and iteration replaces it. */
  plot(title: string, specification: PlotSpecification, iteration?: number): void;
  /** A report in Markdown, of at most 1 MB. Another of the same title and iteration replaces it. */
  text(title: string, markdown: string, iteration?: number): void;
  /**
   * Keeps a product by name; the same name again replaces it. Text, bytes and streams of them are kept as they are, anything else as JSON. With
   * `kind` the content is the path of a `file` or a `folder`, or the rows of a `table`. Large content passes through no memory. Resolves, when it is stored,
   * with a reference that may be returned and passed on.
   */
  artifact(name: string, content: ArtifactContent, options?: ArtifactOptions): Promise<Artifact>;
  /** The same for a model, among a task's output models; with `role: "input"` among those that it took. The last one of a role counts as the latest. */
  model(name: string, content: ArtifactContent, options?: ModelOptions): Promise<Artifact>;
}

/** The running step, as the step itself sees it: what `Task.current()` gives. */
export interface StepContext extends Reports {
  /** Of the task: the run, and the path of the call in it. */
  readonly id: string;
  /** Of the step. */
  readonly name: string;
  /** From 1. */
  readonly attempt: number;
  /** The same over all attempts of one call, and no other's: 32 letters and digits, for services that must not do a thing twice. */
  readonly idempotencyKey: string;
  /** What a later attempt of the task goes on from. */
  readonly checkpoint: Checkpoint;
  /** Fires when the task is aborted, or past its time limit. */
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  progress(fraction: number): void;
  /** Prints to the task's log, at the level `info`; `console.debug`, `console.warn` and `console.error` have levels of their own. */
  log(...parts: unknown[]): void;
  /** The same reports, of the pipeline that the step runs for instead of the step; of a task of its own, the task. */
  readonly pipeline: Reports;
  /**
   * Another task's artifact, by name. Waits for an upload that is under way; undefined where there is none. `role: "input"` asks for what the task took.
   */
  artifactOf(task: string, name: string, options?: { role?: ArtifactRole }): Promise<Artifact | undefined>;
  /** How references are read here. */
  readonly reader: ArtifactReader;
}

/** What an artifact may hold: text, bytes, streams of them, what another reference stands for, or what JSON can say. */
export type ArtifactContent =
  | string
  | Uint8Array
  | AsyncIterable<string | Uint8Array>
  | Artifact
  | object
  | number
  | boolean
  | null;

/** How an artifact is kept. */
export type ArtifactOptions = {
  /** What the content stands for: the path of a file or a folder, or the rows of a table. Absent: the content itself. */
  kind?: "file" | "folder" | "table";
  /** MIME type; default by what the content is. */
  type?: string;
  /** JSON of at most 32 KB, to be kept with it. */
  metadata?: Metadata;
};

/** How a model is kept. */
export type ModelOptions = ArtifactOptions & ModelFacts & { role?: ArtifactRole };

/** What a call of a step does outside a run, where somebody wants to know of it: a test harness holds and releases completions so. */
export interface CallInterceptor {
  /** `signal` aborts where the body aborts the call by its handle; a call without one has none. */
  call(step: string, input: unknown, run: (input: unknown) => Promise<unknown>, signal?: AbortSignal): Promise<unknown>;
  /** A pipeline called by a pipeline. Without it, its body begins at once, and its end is not held. */
  pipeline?(name: string, params: unknown, run: (params: unknown) => Promise<unknown>): Promise<unknown>;
  /** Instead of really waiting. */
  timer?(timer: Timer): Promise<void>;
  /** Instead of an error. */
  signal?(name: string, options: SignalOptions | undefined): Promise<unknown>;
}

function shared<T>(name: string): AsyncLocalStorage<T> {
  const key = Symbol.for(name);
  const holder = globalThis as { [key: symbol]: AsyncLocalStorage<T> | undefined };
  holder[key] ??= new AsyncLocalStorage<T>();
  return holder[key];
}

export const stepContext: AsyncLocalStorage<StepContext> = shared("reprise.stepContext");
/** The names of the pipelines whose bodies run around a plain call, the outermost first. */
export const pipelineContext: AsyncLocalStorage<readonly string[]> = shared("reprise.pipelineContext");
export const callInterceptor: AsyncLocalStorage<CallInterceptor> = shared("reprise.callInterceptor");
