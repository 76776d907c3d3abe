/** The pipelines of one JSON. Apart from its schema: whoever looks one up need not load that. */
import type { Definition, Graph, Pipeline } from "./pipeline.ts";

/** The pipeline of that name among those of the JSON: itself, or one that is called. */
export function definitionOf(pipeline: Pipeline, name: string): Definition | undefined {
  if (name === pipeline.name) return pipeline;
  const { pipelines = {} } = pipeline;
  return Object.hasOwn(pipelines, name) ? pipelines[name] : undefined;
}

/** Its own graph, and those of the pipelines that it calls. */
export const graphsOf = ({ graph, pipelines = {} }: Pipeline): Graph[] => [
  graph,
  ...Object.values(pipelines).map((called) => called.graph),
];
