/** What changed between two versions of a pipeline, in words: `+` what came, `-` what went, `~` what is another now. */
import type { Node } from "../../../model/node.ts";
import type { Definition, Pipeline } from "../../../model/pipeline.ts";
import { textsOf } from "../../../model/texts.ts";
import { compareNodes, type NodesComparison } from "./nodes.ts";
import { compareOptions, compareParams, compareTemplates } from "./steps.ts";

/** `words` are lines for people, at least one. */
export type Comparison = NodesComparison & {
  /** Names of templates whose code, options or schemas changed. */
  steps: ReadonlySet<string>;
};

export function comparePipelines(a: Pipeline, b: Pipeline): Comparison {
  const found: NodesComparison = { pairs: new Map(), changed: new Set(), words: [] };
  const steps = new Set<string>();
  if (a.name !== b.name) found.words.push(`~ the pipeline is called "${b.name}" now, and was "${a.name}"`);
  tell("step", a.templates, b.templates, (name, x, y) => {
    const words = compareTemplates(name, x, y);
    if (words.length > 0) steps.add(name);
    found.words.push(...words);
  });
  compareDefinitions(a, b, found);
  tell("pipeline", a.pipelines ?? {}, b.pipelines ?? {}, (name, x, y) => {
    const inside: NodesComparison = { ...found, words: [] };
    compareDefinitions(x, y, inside);
    found.words.push(...inside.words.map((words) => `${words} (in the pipeline ${name})`));
  });
  if (found.words.length === 0) found.words.push("nothing changed");
  return { ...found, steps };

  function tell<T>(
    noun: string,
    x: Record<string, T>,
    y: Record<string, T>,
    both: (name: string, x: T, y: T) => void,
  ): void {
    for (const name of Object.keys(x)) if (!Object.hasOwn(y, name)) found.words.push(`- the ${noun} ${name} removed`);
    for (const [name, one] of Object.entries(y)) {
      if (Object.hasOwn(x, name)) both(name, x[name]!, one);
      else found.words.push(`+ the ${noun} ${name} added`);
    }
  }
}

function compareDefinitions(a: Definition, b: Definition, found: NodesComparison): void {
  found.words.push(
    ...compareOptions(a.options, b.options).map((words) => `~ the pipeline: ${words}`),
    ...compareParams(a, b),
  );
  const texts = { a: textsOf(a.graph), b: textsOf(b.graph) };
  const all = (module: Node[], body: Node[]) => [...module, ...body];
  found.pairs.set(a.graph.body, b.graph.body);
  compareNodes(all(a.graph.module, a.graph.body.nodes), all(b.graph.module, b.graph.body.nodes), texts, found);
}
