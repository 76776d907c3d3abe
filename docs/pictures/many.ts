/** A graph as a program would make it: 200 steps in stages, each of which reads a few of the stage before. */
import type { Expression } from "../../src/model/expression.ts";
import type { Node } from "../../src/model/node.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";

const stages = ["load", "clean", "feature", "fit", "score", "blend", "calibrate", "test", "pack"];

export function manySteps(count: number): Pipeline {
  const wide = Math.ceil((count - 1) / stages.length);
  const calls = Array.from({ length: count - 1 }, (_, i): Node => {
    const [stage, n] = [Math.floor(i / wide), i % wide];
    return call(idOf(stage, n), stages[stage]!, stage === 0 ? [] : sourcesOf(stage, n, wide));
  });
  const last = stages.length - 1;
  const ends = Array.from({ length: count - 1 - last * wide }, (_, n) => `${idOf(last, n)}$p`);
  return {
    format: 1,
    name: `${count} steps`,
    options: { type: "controller", queue: "services" },
    templates: {},
    graph: {
      order: "sequence",
      module: [],
      body: { id: "body", name: "body", async: true, params: [], nodes: [...calls, call("release", "release", ends)] },
    },
    bundles: {},
  };
}

const idOf = (stage: number, n: number): string => `${stages[stage]}-${n + 1}`;

/** Its own one of the stage before, and every third step its neighbour's too. */
function sourcesOf(stage: number, n: number, wide: number): string[] {
  const sources = n % 3 === 0 ? [n, (n + 1) % wide] : [n];
  return sources.map((source) => `${idOf(stage - 1, source)}$p`);
}

function call(id: string, template: string, reads: string[]): Node {
  const items: Expression[] = reads.map((name) => ({ kind: "variable", name }));
  return { kind: "call", id, template, args: [{ kind: "array", items }], into: `${id}$p` };
}
