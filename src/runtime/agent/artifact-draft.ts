/** An artifact as a step hands it over: what it is, and its content, in memory, in a file of its own, or known to the store. */
import type { Spooled } from "../../artifacts/spool.ts";
import type { KeptArtifact } from "../../model/artifact.ts";
import type { Hash } from "../../model/hash.ts";

export type ArtifactDraft = Pick<KeptArtifact, "role" | "name" | "kind" | "type" | "preview" | "metadata" | "model"> & {
  /** It is the pipeline's rather than the step's. */
  on?: "pipeline";
  content: DraftContent;
};

export type DraftContent = { whole: Uint8Array } | Spooled | { hash: Hash; bytes: number };
