/** The event loop: when everything that is due now has been done. */

/**
 * Every promise job that is due is done by then, and nothing else: no timer, no callback of I/O. `process.nextTick` waits for the jobs, where a job has asked
 * for it.
 */
export function drained(): Promise<void> {
  return new Promise((resolve) => void now.then(() => process.nextTick(resolve)));
}

/** A job by a promise: `queueMicrotask` makes an async resource for each. */
const now = Promise.resolve();

/** The next turn of the event loop: by then every job of this one is done. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
