/** What compiling gives, and what is said of what can be compiled. */
import type { Pipeline } from "../model/pipeline.ts";

/** A pipeline, compiled. */
export type Compiled = {
  pipeline: Pipeline;
  /** The pipeline JSON, as it is written to files. */
  text: string;
  /** Absolute paths of all files that it was made from. */
  files: string[];
};

/** A pipeline that a file declares, for whoever has to choose one. */
export type Listed = {
  name: string;
  /** The name of its export; absent where it is not exported. */
  export?: string;
  /** `file:line:column`. */
  at: string;
};
