import type { Pipeline } from "../../src/model/pipeline.ts";

/** One of those that a pipeline calls, as if it had been compiled by itself: one compilation gives many. */
export function alone(all: Pipeline, name: string): Pipeline {
  const { [name]: definition, ...pipelines } = all.pipelines!;
  return { ...all, ...definition!, pipelines };
}
