import type { Pipeline } from "./pipeline.ts";

/** The pipeline's text, by which it is hashed. Deterministic: the same pipeline, the same bytes. */
export const print = (pipeline: Pipeline): string => `${JSON.stringify(pipeline, null, 1)}\n`;
