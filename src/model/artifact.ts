import type { Hash } from "./hash.ts";
import type { TaskId } from "./task.ts";

/** A named product of a task; its content is kept once, by its hash. */
export type Artifact = {
  task: TaskId;
  attempt: number;
  name: string;
  hash: Hash;
  bytes: number;
  /** MIME type. */
  type: string;
  /** The beginning, as text, where it is text. */
  preview?: string;
  createdAt: number;
};
