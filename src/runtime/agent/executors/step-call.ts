/** A call of a step, made ready to run: where its function lies, what it is called with, and what it may know of itself. */

import type { Stored } from "../../../model/task.ts";
import { largeBytes } from "../../../model/value.ts";
import type { Blobs, Claim } from "../../ports.ts";
import type { Bundles } from "../bundles.ts";

export type StepCall = {
  id: string;
  name: string;
  attempt: number;
  /** The path of a module that exports the bundle's own as `module`. */
  entry: string;
  export: string;
  /** The encoded input; absent where the function takes none. */
  input?: string;
};

/** Fetches the claimed task's bundle and input. Rejects with a sentence where one of them is not to be had. */
export async function stepCall({ task, attempt }: Claim, bundles: Bundles, blobs: Blobs): Promise<StepCall> {
  if (task.code.kind !== "code") throw new Error(`the task ${task.id} is a ${task.code.kind}, not a step`);
  const entry = await bundles.entry(task.code.bundle);
  const input = task.input && (await fetchStored(task.input, blobs));
  const { id, name } = task;
  return { id, name, attempt, entry, export: task.code.export, ...(input !== undefined && { input }) };
}

async function fetchStored(stored: Stored, blobs: Blobs): Promise<string> {
  return "text" in stored ? stored.text : (await blobs.get(stored.blob)).toString("utf8");
}

/** An encoded value as the store keeps it: large ones by their content's hash. */
export async function store(text: string, blobs: Blobs): Promise<Stored> {
  const bytes = Buffer.byteLength(text);
  return bytes > largeBytes ? { blob: await blobs.put(text), bytes } : { text };
}
