/** A call of a step, made ready to run: where its function lies, what it is called with, and what it may know of itself. */
import { sep } from "node:path";
import { hashOf } from "../../../model/hash.ts";
import type { Code, Stored } from "../../../model/task.ts";
import type { Blobs, Claim } from "../../ports.ts";

export type StepCall = {
  id: string;
  name: string;
  attempt: number;
  idempotencyKey: string;
  /** The path of a module that exports the bundle's own as `module`. */
  entry: string;
  export: string;
  /** The encoded input, which the step's process fetches where it is large; absent where the function takes none. */
  input?: Stored;
  /** A folder, made when it is needed, where large artifacts lie on their way. */
  spool: string;
};

/** Throws where the claimed task is no step. */
export function codeOf({ task: { id, code } }: Claim): Extract<Code, { kind: "code" }> {
  if (code.kind !== "code") throw new Error(`the task ${id} is a ${code.kind}, not a step`);
  return code;
}

/** `entry`: where the task's bundle lies. */
export function stepCall(claim: Claim, entry: string, blobs: Pick<Blobs, "spool">): StepCall {
  const { task, attempt } = claim;
  const { id, name, input } = task;
  // Another store, or a later time, may have a run of the same name.
  const idempotencyKey = idempotencyKeyOf(task);
  const spool = `${blobs.spool}${sep}${idempotencyKey}-${attempt}`;
  const call = { id, name, attempt, idempotencyKey, entry, export: codeOf(claim).export, spool };
  return input === undefined ? call : { ...call, input };
}

/** The same over all attempts, and another one for another task that gets the same id. */
export const idempotencyKeyOf = ({ id, createdAt }: Claim["task"]): string =>
  hashOf(`${id}\n${createdAt}`).slice("sha256:".length, "sha256:".length + 32);
