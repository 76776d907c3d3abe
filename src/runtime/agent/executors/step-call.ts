/** A call of a step, made ready to run: where its function lies, what it is called with, and what it may know of itself. */
import { sep } from "node:path";
import { hashOf } from "../../../model/hash.ts";
import type { Code, Stored } from "../../../model/task.ts";
import type { Blobs, Claim } from "../../ports.ts";

export type StepCall = {
  id: string;
  name: string;
  attempt: number;
  /** When its task was created, in milliseconds since 1970. */
  createdAt: number;
  /** The path of a module that exports the bundle's own as `module`. */
  entry: string;
  export: string;
  /** The encoded input, which the step's process fetches where it is large; absent where the function takes none. */
  input?: Stored;
  /** The folder of the folders where large artifacts lie on their way: see `spoolOf`. */
  spools: string;
};

/** Throws where the claimed task is no step. */
export function codeOf({ task: { id, code } }: Claim): Extract<Code, { kind: "code" }> {
  if (code.kind !== "code") throw new Error(`the task ${id} is a ${code.kind}, not a step`);
  return code;
}

/** `entry`: where the task's bundle lies. */
export function stepCall(claim: Claim, entry: string, blobs: Pick<Blobs, "spool">): StepCall {
  const { task, attempt } = claim;
  const { id, name, createdAt, input } = task;
  const call = { id, name, attempt, createdAt, entry, export: codeOf(claim).export, spools: blobs.spool };
  return input === undefined ? call : { ...call, input };
}

/** The same over all attempts, and another one for another task that gets the same id: another store, or a later time, may have a run of the same name. */
export const idempotencyKeyOf = ({ id, createdAt }: Pick<StepCall, "id" | "createdAt">): string =>
  hashOf(`${id}\n${createdAt}`).slice("sha256:".length, "sha256:".length + 32);

/** The attempt's folder, made when it is needed. */
export const spoolOf = (call: Pick<StepCall, "id" | "createdAt" | "attempt" | "spools">): string =>
  `${call.spools}${sep}${idempotencyKeyOf(call)}-${call.attempt}`;
