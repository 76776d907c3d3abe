/** Signals: what a body waits for that somebody outside sends. What is asked for is checked alike in a run and in a plain call. */
import { type Duration, durationMs, formatDuration } from "./duration.ts";
import { errorOf, timeLimitName } from "./failure.ts";

/** How a wait for a signal goes on and ends. */
export type SignalOptions = {
  /** How long to wait; past it, the wait rejects with a TimeLimitError. Default: for ever. */
  timeLimit?: Duration;
  /** `persistent` (the default) takes what was sent before the wait began too, `transient` only what comes while it lasts. */
  mode?: "persistent" | "transient";
};

/** A wait, checked. */
export type SignalWait = { name: string; limitMs?: number; transient: boolean };

export const signalNamePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._:/-]{0,99}$/u;

/** Throws a TypeError or a RangeError that says what is wrong with the name or the options. */
export function signalWait(name: unknown, options: unknown = {}): SignalWait {
  if (typeof name !== "string" || !signalNamePattern.test(name))
    throw new TypeError(
      `${JSON.stringify(name)} cannot name a signal: write up to 100 letters, digits, spaces, ".", "_", ":", "/" or "-", a letter or digit first`,
    );
  if (typeof options !== "object" || options === null)
    throw new TypeError(
      `the options of the signal "${name}" are no object: write signal("${name}", { timeLimit: "1h" })`,
    );
  const { timeLimit, mode = "persistent" } = options as SignalOptions;
  if (mode !== "persistent" && mode !== "transient")
    throw new TypeError(`the mode of the signal "${name}" is "${mode}": write "persistent" or "transient"`);
  return { name, transient: mode === "transient", ...(timeLimit !== undefined && { limitMs: durationMs(timeLimit) }) };
}

/** What a wait rejects with past its limit. */
export function overLimit(name: string, limitMs: number): Error {
  return errorOf({ name: timeLimitName, message: `no signal "${name}" came within ${formatDuration(limitMs)}` });
}
