/**
 * The context of a running step: what `Task.current()` speaks to. Whoever runs a step binds one around it: a worker process, an inline
 * executor, or the plain call. A bundled step carries its own copy of the DSL, so the binding is found by a global symbol, not by a module.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { SignalOptions } from "./signal.ts";
import type { Timer } from "./timer.ts";

/** The running step, as the step itself sees it: what `Task.current()` gives. */
export interface StepContext {
  /** Of the task: the run, and the path of the call in it. */
  readonly id: string;
  /** Of the step. */
  readonly name: string;
  /** From 1. */
  readonly attempt: number;
  /** The same over all attempts of one call. */
  readonly idempotencyKey: string;
  /** Fires when the task is aborted, or past its time limit. */
  readonly signal: AbortSignal;
  /** Reports a point of a series. Within a chart (`title`) each series has a line, over `iteration`. */
  scalar(title: string, series: string, value: number, iteration: number): void;
  /** From 0 to 1. */
  progress(fraction: number): void;
  /** Strings and bytes are kept as they are, anything else as JSON. Resolves when it is stored. */
  artifact(name: string, content: ArtifactContent, options?: ArtifactOptions): Promise<void>;
  /** Writes a line to the log of the task, as `console.log` does too. */
  log(...parts: unknown[]): void;
}

/** What an artifact may hold: text, bytes, or what JSON can say. */
export type ArtifactContent = string | Uint8Array | object | number | boolean | null;
/** How an artifact is kept. */
export type ArtifactOptions = { /** MIME type; default by what the content is. */ type?: string };

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
