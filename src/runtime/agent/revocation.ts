/** The end of an attempt from outside, as its agent brings it about. */
import type { Revoked } from "../ports.ts";

/** What an AbortController and its signal are, in a tenth of their room: few attempts are ever revoked. */
export class Revocation implements Revoked {
  aborted = false;
  reason: unknown;
  #listeners: Set<() => void> | undefined;

  /** Again does nothing. */
  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) listener();
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners?.delete(listener);
  }
}

/** The same as a signal, for whoever takes nothing else. */
export function signalOf(revoked: Revoked): AbortSignal {
  if (revoked instanceof AbortSignal) return revoked;
  const controller = new AbortController();
  const abort = () => controller.abort(revoked.reason);
  if (revoked.aborted) abort();
  else revoked.addEventListener("abort", abort);
  return controller.signal;
}
