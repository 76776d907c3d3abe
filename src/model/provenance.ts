/** Provenance: out of which state of the sources, and with what, somebody started a run. Kept beside its task, so that equal pipelines have equal bytes. */
import type { Hash } from "./hash.ts";
import type { Stored } from "./task.ts";

export type Provenance = {
  /** Its version. */
  node: string;
  /** Operating system and processor. */
  platform: string;
  /** Where the folder is under version control. */
  git?: Git;
  /** The nearest one, of whichever package manager. */
  lockfile?: { name: string; hash: Hash };
};

export type Git = {
  commit: string;
  /** Absent where none was checked out. */
  branch?: string;
  /** What was changed since the commit and not committed, as text; absent where nothing was. */
  diff?: { content: Stored /** Its end was cut off. */; cut?: true };
};
