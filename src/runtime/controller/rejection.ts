/** Hearing of a promise's rejection for a while: a promise keeps whoever hears of it by `catch` for as long as it lives itself, which may be that of a program. */
type Hearing = { listeners: Set<(error: unknown) => void>; rejected?: { error: unknown } };

const hearings = new WeakMap<Promise<never>, Hearing>();

/**
 * Calls `listener` with the error when the promise is rejected, or soon where it was. What is given back ends that, and nothing of the listener is kept.
 *
 * @example
 * const stop = onRejection(broken, reject);
 */
export function onRejection(promise: Promise<never>, listener: (error: unknown) => void): () => void {
  const { listeners, rejected } = hearingOf(promise);
  if (rejected) queueMicrotask(() => listener(rejected.error));
  else listeners.add(listener);
  return () => listeners.delete(listener);
}

function hearingOf(promise: Promise<never>): Hearing {
  const known = hearings.get(promise);
  if (known) return known;
  const hearing: Hearing = { listeners: new Set() };
  hearings.set(promise, hearing);
  promise.catch((error) => {
    hearing.rejected = { error };
    for (const listener of hearing.listeners) listener(error);
    hearing.listeners.clear();
  });
  return hearing;
}
