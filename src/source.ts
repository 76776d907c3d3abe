/** What a program may give for a pipeline, and how it becomes pipeline JSON. The compiler is loaded only for a pipeline from source. */
import type { PipelineClass } from "./dsl/class/pipeline.ts";
import { declarationOf } from "./dsl/declaration.ts";
import type { PipelineGraph } from "./dsl/graph/graph.ts";
import { graphsOf } from "./model/definition.ts";
import type { Pipeline } from "./model/pipeline.ts";

/** A file that holds a pipeline: TypeScript, which is compiled, and which of its pipelines, where it holds several. */
export type SourceFile = { file: string; pipeline?: string };

export type PipelineFunction = (params: never) => Promise<unknown>;
export type PipelineSource = PipelineFunction | PipelineClass | PipelineGraph | Pipeline | SourceFile;

/**
 * Rejects with a CompileError, with a PipelineError for JSON that is no pipeline, and with a TypeError for a function that is none, or whose source was not
 * found. `cache`: the folder that keeps what was compiled.
 */
export async function pipelineOf(source: PipelineSource, cache: string): Promise<Pipeline> {
  if (typeof source === "function" || isGraph(source)) return compiled(declaredIn(source), cache);
  if ("file" in source) return compiled(source, cache);
  return admitted(source);
}

/** Kept by their texts: a program may start the same pipeline many times. */
const known = new Map<string, Pipeline>();
const mostKnown = 64;
/** Two texts are compared in a tenth of the time that it takes to look one up. */
let latest: { text: string; pipeline: Pipeline } | undefined;

/** Whatever says that it is a pipeline: JSON from outside has one door. */
async function admitted(source: Pipeline): Promise<Pipeline> {
  const text = JSON.stringify(source);
  if (latest?.text === text) return latest.pipeline;
  const pipeline = known.get(text) ?? (await admittedAnew(text));
  latest = { text, pipeline };
  return pipeline;
}

async function admittedAnew(text: string): Promise<Pipeline> {
  const { admit } = await import("./model/pipeline.ts");
  const pipeline = admit(text);
  const { load, prepare } = await import("./runtime/controller/graph/load.ts");
  const graphs = graphsOf(pipeline);
  await prepare(graphs);
  for (const graph of graphs) load(graph);
  if (known.size === mostKnown) known.clear();
  known.set(text, pipeline);
  return pipeline;
}

const isGraph = (source: object): source is PipelineGraph => declarationOf(source) !== undefined;

async function compiled({ file, pipeline }: SourceFile, cache: string): Promise<Pipeline> {
  const { compile } = await import("./compiler/compile.ts");
  return (await compile(file, { cache, ...(pipeline !== undefined && { pipeline }) })).pipeline;
}

/** What `pipeline()` noted of the place in the source. */
function declaredIn(pipeline: PipelineFunction | PipelineClass | PipelineGraph): SourceFile {
  const declaration = declarationOf(pipeline);
  if (declaration?.kind !== "pipeline")
    throw new TypeError(
      "what was given is neither what pipeline(…) gave, nor pipeline JSON, nor { file }: where it is an ordinary function, declare it with pipeline(…)",
    );
  const { file, name } = declaration;
  if (file === undefined)
    throw new TypeError(
      `the source of pipeline "${name}" was not found: compile it first (reprise compile), and give the JSON`,
    );
  return { file, ...(name !== undefined && { pipeline: name }) };
}
