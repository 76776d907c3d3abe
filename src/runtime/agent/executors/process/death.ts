/** How a step process ended before its step did, as a failure. */
import { type Failure, lostName } from "../../../../model/failure.ts";

export type Death =
  | { unstarted: string }
  /** `lastError`: the end of what it wrote to stderr. */
  | { code: number | null; signal: NodeJS.Signals | null; lastError: string };

/** `memoryMb`: the limit that the process had. */
export function lostFailure(death: Death, memoryMb?: number): Failure {
  return { name: lostName, message: sentence(death, memoryMb) };
}

function sentence(death: Death, memoryMb: number | undefined): string {
  if ("unstarted" in death) return `the process of the step could not be started: ${death.unstarted}`;
  const { code, signal, lastError } = death;
  if (/heap out of memory|heap limit/i.test(lastError))
    return `the process of the step ran out of memory${memoryMb === undefined ? "" : ` (its limit is ${memoryMb} MB)`} before the step ended`;
  if (signal !== null) return `the process of the step ended (${signal}) before the step did`;
  return `the process of the step exited with code ${code} before the step did: a step returns or throws, it does not call process.exit`;
}
