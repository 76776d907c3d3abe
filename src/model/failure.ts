/** A failure: an error as data. It is stored, shown, retried, and thrown again in the body that awaits it. */
import { durationMs } from "./duration.ts";

export type Failure = {
  /** The error's own `name`, or where that is a built-in one, the name of its class. */
  name: string;
  /** The error's `name` property, where it is another. */
  ownName?: string;
  /** Its class and those that it extends, up to `Error`, where `name` alone does not say so. */
  classes?: string[];
  message: string;
  /** Frames in the author's files, mapped back to the source; for people, never for the body. */
  stack?: string;
  /** Where in the author's source it was thrown: `file:line:column`. */
  at?: string;
  /** The path in the run of the step that failed, where the failure is a run's. */
  step?: string;
  cause?: Failure;
  /** Of an AggregateError. */
  errors?: Failure[];
  /** So many milliseconds the error asked to wait before another attempt: its `retryAfter`, a duration such as `"30s"` or a number of milliseconds. */
  retryAfterMs?: number;
};

/** What a run or a step that was aborted rejects with. */
export const abortedName = "AbortedError";
/** What a step past its `timeLimit` rejects with. */
export const timeLimitName = "TimeLimitError";
/** A process that ended before its step did, or an agent that was lost. */
export const lostName = "LostError";

const builtIn = new Map<string, ErrorConstructor>(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((Class) => [
    Class.name,
    Class as ErrorConstructor,
  ]),
);

/** Was the attempt lost, by no doing of what it ran? A run that failed with the death of a step has lost nothing itself: the step was tried again already. */
export const isLoss = ({ name, step }: Failure): boolean => name === lostName && step === undefined;

/** Whatever was thrown, as data. Anything may be thrown, also `undefined`; causes are followed 8 deep. */
export function failureOf(thrown: unknown, depth = 0): Failure {
  if (!(thrown instanceof Error)) return { name: "Error", message: describe(thrown) };
  const { message, stack, cause } = thrown;
  const { errors, retryAfter } = thrown as { errors?: unknown; retryAfter?: unknown };
  const classes = classNames(thrown);
  // A class of the author's that sets no name has that of the built-in class which it extends.
  const name = thrown.name && !builtIn.has(thrown.name) ? thrown.name : (classes[0] ?? "Error");
  const inner = depth < 8;
  return {
    name,
    message,
    ...(thrown.name !== name && { ownName: thrown.name }),
    ...(classes.join() !== (builtIn.has(name) && name !== "Error" ? name : "") && { classes }),
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && inner && { cause: failureOf(cause, depth + 1) }),
    ...(thrown instanceof AggregateError &&
      Array.isArray(errors) &&
      inner && { errors: errors.map((error) => failureOf(error, depth + 1)) }),
    ...retryAfterIn(retryAfter),
  };
}

/** A duration, as an author writes one; whatever else the property holds is nothing to us. */
function retryAfterIn(given: unknown): { retryAfterMs?: number } {
  if (typeof given !== "number" && typeof given !== "string") return {};
  try {
    return { retryAfterMs: durationMs(given) };
  } catch {
    return {};
  }
}

/** The failure as a body or another machine may see it: stacks show paths, those of its causes too. */
export function withoutStack({ stack: _, cause, errors, ...failure }: Failure): Failure {
  return {
    ...failure,
    ...(cause && { cause: withoutStack(cause) }),
    ...(errors && { errors: errors.map(withoutStack) }),
  };
}

/** The names of an error's class and those that it extends, up to `Error` and without it. One that was a failure before keeps those it had. */
function classNames(error: Error): string[] {
  const known = classesOfErrors.get(error);
  if (known) return known.filter((name) => name !== "Error");
  const names: string[] = [];
  for (let at = Object.getPrototypeOf(error); at !== null && at !== Error.prototype; at = Object.getPrototypeOf(at))
    if (typeof at.constructor?.name === "string" && at.constructor.name !== "") names.push(at.constructor.name);
  return names;
}

const classesOfErrors = new WeakMap<Error, string[]>();

/** Was the error that `errorOf` made of that class of the author's, or of one that extends it? By the class's name, as its code stays behind. */
export function isOfClass(value: unknown, name: string): boolean {
  return value instanceof Error && (classesOfErrors.get(value)?.includes(name) ?? false);
}

/**
 * The error of a failure, to be thrown where a body or a program awaits it: of the built-in class that it was of or extended, with its
 * `name`. Its `stack` is empty: a body must not see paths.
 */
export function errorOf(failure: Failure): Error {
  const { name, ownName = name, classes = [name], message, cause, errors } = failure;
  const options = cause && { cause: errorOf(cause) };
  const Class = builtIn.get(classes.find((each) => builtIn.has(each)) ?? "Error") as ErrorConstructor;
  const error = errors ? new AggregateError(errors.map(errorOf), message, options) : new Class(message, options);
  classesOfErrors.set(error, classes);
  if (error.name !== ownName) define(error, "name", ownName);
  define(error, "stack", "");
  return error;
}

function define(error: Error, key: string, value: string): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
}

function describe(thrown: unknown): string {
  try {
    return typeof thrown === "string" ? thrown : (JSON.stringify(thrown) ?? String(thrown));
  } catch {
    return String(thrown);
  }
}
