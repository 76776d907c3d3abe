/** A call of a step, made ready to run: where its function lies, what it is called with, and what it may know of itself. */
import { sep } from "node:path";
import { hashOf } from "../../../model/hash.ts";
import type { Stored } from "../../../model/task.ts";
import type { Blobs, Claim } from "../../ports.ts";
import type { Bundles } from "../bundles.ts";
import type { Asked } from "../packages.ts";

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

/** Fetches the claimed task's bundle, and what that needs. Rejects with a sentence where it is not to be had. */
export async function stepCall(
  { task, attempt }: Claim,
  bundles: Bundles,
  blobs: Pick<Blobs, "spool">,
  asked: Asked,
): Promise<StepCall> {
  if (task.code.kind !== "code") throw new Error(`the task ${task.id} is a ${task.code.kind}, not a step`);
  const entry = await bundles.entry(task.code.bundle, asked);
  const { id, name, input } = task;
  // Another store, or a later time, may have a run of the same name.
  const idempotencyKey = idempotencyKeyOf(task);
  const spool = `${blobs.spool}${sep}${idempotencyKey}-${attempt}`;
  return {
    id,
    name,
    attempt,
    idempotencyKey,
    entry,
    export: task.code.export,
    ...(input !== undefined && { input }),
    spool,
  };
}

/** The same over all attempts, and another one for another task that gets the same id. */
export const idempotencyKeyOf = ({ id, createdAt }: Claim["task"]): string =>
  hashOf(`${id}\n${createdAt}`).slice("sha256:".length, "sha256:".length + 32);
