import { callInterceptor } from "../model/context.ts";
import { type SignalOptions, signalWait } from "../model/signal.ts";

/**
 * Waits for somebody outside to send a signal of that name to the run, by `reprise signal RUN NAME [JSON]` or `run.signal(name, value)`; gives the
 * value that was sent.
 *
 * Every value that is sent is taken by one wait: the one that has waited longest, or else the next that begins. With
 * `mode: "transient"` a wait takes only what is sent while it lasts. A wait that lost a race goes on waiting, and would take the next value: begin
 * one wait before a loop rather than one in each turn, or give it a `timeLimit`, past which it rejects with a TimeLimitError.
 *
 * A plain call has nobody to wait for: there it rejects with an Error.
 *
 * @example
 * const { by } = await signal<{ by: string }>("approved", { timeLimit: "2d" });
 */
export function signal<T = unknown>(name: string, options?: SignalOptions): Promise<T> {
  try {
    signalWait(name, options);
  } catch (error) {
    return Promise.reject(error);
  }
  const answer = callInterceptor.getStore()?.signal?.(name, options);
  return (answer ?? Promise.reject(nobody(name))) as Promise<T>;
}

function nobody(name: string): Error {
  return new Error(
    `signal("${name}") waits for somebody to send it, which nobody can in a plain call: run the pipeline (reprise run), then send it (reprise signal RUN "${name}")`,
  );
}
