/** A failure: an error as data. It is stored, shown, retried, and thrown again in the body that awaits it. */

export type Failure = {
  /** The error's class name, such as `RangeError`, or its own `name`. */
  name: string;
  message: string;
  /** Frames in the author's files, mapped back to the source; for people, never for the body. */
  stack?: string;
  /** Where in the author's source it was thrown: `file:line:column`. */
  at?: string;
  /** The path in the run of the step that failed, where the failure is a run's. */
  step?: string;
  cause?: Failure;
  /** Milliseconds that the error asked to wait before another attempt (`error.retryAfter`). */
  retryAfterMs?: number;
};

/** What a run or a step that was aborted rejects with. */
export const abortedName = "AbortedError";
/** What a step past its `timeLimit` rejects with. */
export const timeLimitName = "TimeLimitError";
/** A process that ended before its step did, or an agent that was lost. */
export const lostName = "LostError";

const builtIn = new Map<string, ErrorConstructor>(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((c) => [
    c.name,
    c as ErrorConstructor,
  ]),
);

/** Whatever was thrown, as data. Anything may be thrown, also `undefined`; causes are followed 8 deep. */
export function failureOf(thrown: unknown, depth = 0): Failure {
  if (!(thrown instanceof Error)) return { name: "Error", message: describe(thrown) };
  const retryAfter = (thrown as { retryAfter?: unknown }).retryAfter;
  return {
    name: thrown.name && thrown.name !== "Error" ? thrown.name : (thrown.constructor?.name ?? "Error"),
    message: thrown.message,
    ...(thrown.stack !== undefined && { stack: thrown.stack }),
    ...(thrown.cause !== undefined && depth < 8 && { cause: failureOf(thrown.cause, depth + 1) }),
    ...(typeof retryAfter === "number" && retryAfter >= 0 && { retryAfterMs: retryAfter }),
  };
}

/**
 * The error of a failure, to be thrown where a body or a program awaits it: of the built-in class of that name where there is one,
 * else an `Error` with that `name`. Its `stack` is empty: a body must not see paths.
 */
export function errorOf(failure: Failure): Error {
  const Class = builtIn.get(failure.name) ?? Error;
  const error = new Class(failure.message, failure.cause && { cause: errorOf(failure.cause) });
  if (error.name !== failure.name)
    Object.defineProperty(error, "name", {
      value: failure.name,
      configurable: true,
      writable: true,
      enumerable: false,
    });
  Object.defineProperty(error, "stack", { value: "", configurable: true, writable: true, enumerable: false });
  return error;
}

function describe(thrown: unknown): string {
  try {
    return typeof thrown === "string" ? thrown : (JSON.stringify(thrown) ?? String(thrown));
  } catch {
    return String(thrown);
  }
}
