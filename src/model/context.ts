/**
 * The context of a running step: what `Task.current()` speaks to. Whoever runs a step binds one around it: a worker process, an inline
 * executor, or the plain call. A bundled step carries its own copy of the DSL, so the binding is found by a global symbol, not by a module.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export interface StepContext {
  readonly id: string;
  readonly name: string;
  /** From 1. */
  readonly attempt: number;
  /** The same over all attempts of one call. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  scalar(title: string, series: string, value: number, iteration: number): void;
  /** From 0 to 1. */
  progress(fraction: number): void;
  /** Strings and bytes are kept as they are, anything else as JSON. Resolves when it is stored. */
  artifact(name: string, content: ArtifactContent, options?: ArtifactOptions): Promise<void>;
  log(...parts: unknown[]): void;
}

export type ArtifactContent = string | Uint8Array | object | number | boolean | null;
export type ArtifactOptions = { /** MIME type; default by what the content is. */ type?: string };

/** What a call of a step does outside a run, where somebody wants to know of it: a test harness holds and releases completions so. */
export interface CallInterceptor {
  call(step: string, input: unknown, run: (input: unknown) => Promise<unknown>): Promise<unknown>;
}

function shared<T>(name: string): AsyncLocalStorage<T> {
  const key = Symbol.for(name);
  const holder = globalThis as { [key: symbol]: AsyncLocalStorage<T> | undefined };
  holder[key] ??= new AsyncLocalStorage<T>();
  return holder[key];
}

export const stepContext: AsyncLocalStorage<StepContext> = shared("reprise.stepContext");
export const callInterceptor: AsyncLocalStorage<CallInterceptor> = shared("reprise.callInterceptor");
