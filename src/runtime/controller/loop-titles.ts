/** What people call the loops of a run, and of the pipelines that it calls. */

import { definitionOf } from "../../model/definition.ts";
import { loopText } from "../../model/loop-text.ts";
import { nodesOf } from "../../model/nodes-of.ts";
import type { Graph, Pipeline } from "../../model/pipeline.ts";
import { textsOf } from "../../model/texts.ts";

/** By the name under which a pipeline is called, the run's own under ``: the ids of its loops → their texts. */
export type LoopTitles = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The title of a loop, where it has one. Ids come from outside: `constructor` may be one. */
export function loopTitle(titles: LoopTitles, pipeline: string, id: string): string | undefined {
  const own = Object.hasOwn(titles, pipeline) ? titles[pipeline]! : {};
  return Object.hasOwn(own, id) ? own[id] : undefined;
}

/** `definition`: the run's own, where it is one that the JSON's own pipeline calls. */
export function loopTitlesOf(pipeline: Pipeline, definition?: string): LoopTitles {
  const own = (definition === undefined ? undefined : definitionOf(pipeline, definition)) ?? pipeline;
  const called = Object.entries(pipeline.templates).flatMap(([name, template]) => {
    const graph = template.kind === "pipeline" ? definitionOf(pipeline, template.pipeline)?.graph : undefined;
    return graph ? [[name, titlesIn(graph)] as const] : [];
  });
  return Object.fromEntries([["", titlesIn(own.graph)], ...called]);
}

/** Functions number their loops each for itself: where two of them use one id, it stands for neither. */
function titlesIn(graph: Graph): Record<string, string> {
  const texts = textsOf(graph);
  const loops = [...Map.groupBy(nodesOf(graph, "loop"), ({ id }) => id)];
  return Object.fromEntries(loops.flatMap(([id, same]) => (same.length > 1 ? [] : [[id, loopText(same[0]!, texts)]])));
}
