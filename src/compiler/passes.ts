/** The passes, in order: load → find → pipelines (headers and bodies) → steps (options and schemas) → TypeScript's errors → bundles → pipeline. */
import { type Bundle, bundleHash } from "../model/bundle.ts";
import type { Hash } from "../model/hash.ts";
import type { TaskOptions } from "../model/options.ts";
import { formatVersion, type Pipeline } from "../model/pipeline.ts";
import { print } from "../model/print-pipeline.ts";
import type { JsonSchema, Template } from "../model/template.ts";
import { inputSchema, outputSchema, overshadowWrapper } from "./boundary.ts";
import { startBundler } from "./build.ts";
import { type Bundled, bundleSteps, type StepSource } from "./bundle.ts";
import type { Compiled, Listed } from "./compiled.ts";
import type { Context } from "./context.ts";
import { DataFiles } from "./data-files.ts";
import { type Defined, type Definitions, definePipelines } from "./definitions.ts";
import { reportPlainConditions } from "./graph/conditions.ts";
import { type Loaded, reportTypeErrors } from "./load.ts";
import { checkJsonNesting, nestingError } from "./nesting.ts";
import { filesOf, type Opened, open } from "./open.ts";
import { readOptions, readPackages } from "./options.ts";
import { choosePipeline, findPipelines } from "./pipelines.ts";
import { placeOf } from "./problem.ts";
import { signatureOf } from "./signature.ts";
import { Steps, type UsedStep } from "./steps.ts";
import { type DescribedTemplate, describeTemplate } from "./template.ts";
import type { Warm } from "./warm.ts";

/** `lookedFor` are files that would have changed the result had they been there. */
export type Fresh = Compiled & {
  lookedFor: string[] /** What a program put together may depend on anything. */;
  isExecuted: boolean;
};

/** `file` is absolute. `warm`: what earlier compiles of it have left. Rejects with a CompileError. */
export async function compileFresh(
  file: string,
  wanted: string | undefined,
  graphLimitMs: number,
  warm?: Warm,
): Promise<Fresh> {
  startBundler();
  const opened = open(file, graphLimitMs, warm);
  try {
    return await compileOpened(opened, wanted, warm);
  } catch (error) {
    throw nestingError(error, opened.loaded.owned, opened.context.problems) ?? error;
  }
}

async function compileOpened(
  { loaded, context }: Opened,
  wanted: string | undefined,
  warm: Warm | undefined,
): Promise<Fresh> {
  const { problems } = context;
  const found = choosePipeline(loaded.entry, wanted, context);
  const steps = new Steps(context);
  const definitions = found && (await definePipelines(found, steps, loaded, context));
  const isExecuted = found !== undefined && "graph" in found;
  if (isExecuted) reportPlainConditions(loaded, context);
  const described = steps.used.map((step) => describe(step, context));
  reportTypeErrors(loaded, problems);
  if (definitions === undefined) throw problems.error();
  // Each stands in the pipeline, in its `pipelines`.
  for (const [from, { definition }] of definitions) checkJsonNesting(definition, 2, from, problems);
  const bundles = await bundleAll(described, loaded, context, warm);
  problems.throwIfAny();
  const pipeline = assemble(definitions, described, bundles);
  const bundled = [...bundles.values()].flatMap(({ files }) => files);
  return { pipeline, text: print(pipeline), ...filesOf(loaded, bundled), isExecuted };
}

/** `file` is absolute. */
export function listFresh(file: string): Listed[] {
  const { loaded, context } = open(file);
  const found = findPipelines(loaded.entry, context);
  return found.map((pipeline) => ({
    name: pipeline.name,
    ...(pipeline.export !== undefined && { export: pipeline.export }),
    at: placeOf(context.root, "graph" in pipeline ? pipeline.graph : pipeline.declared.call),
  }));
}

/** What a body calls, as its template says it, all but a step's bundle. `isWhole`: no problem keeps its code from being bundled. */
type Described = { step: UsedStep; what: string; options: TaskOptions; at: string } & (
  | { kind: "code"; isWhole: boolean; source: StepSource; schemas: { input?: JsonSchema; output?: JsonSchema } }
  | { kind: "pipeline" }
  | ({ kind: "template" } & DescribedTemplate)
);

function describe(step: UsedStep, context: Context): Described {
  const { template, declared } = step;
  const { kind, call } = declared;
  const what = `the ${kind} "${template}"`;
  const role = { kind: kind === "pipeline" ? kind : "step", what } as const;
  const options = readOptions(step.options, role, context);
  const facts = { step, what, options, at: placeOf(context.root, call) };
  // A pipeline's own function is that of its definition.
  if (kind === "pipeline") return { kind, ...facts };
  if (kind === "template") return { kind, ...facts, ...describeTemplate(step, context) };
  const signature = signatureOf(declared, what, context);
  const input = inputSchema(signature, `the input of ${what}`, context);
  const output = outputSchema(signature, `the output of ${what}`, context);
  overshadowWrapper(declared, context);
  const schemas = { ...(input !== undefined && { input }), ...(output !== undefined && { output }) };
  const source = { step: declared, what, packages: readPackages(step.options, role, context) };
  return { kind: "code", ...facts, source, schemas, isWhole: signature !== undefined && step.isAtTop };
}

/** By template. Steps with problems of their own are left out. */
async function bundleAll(
  described: Described[],
  { owned, conditions }: Loaded,
  context: Context,
  warm: Warm | undefined,
): Promise<Map<string, Bundled>> {
  const whole = described.filter((callee) => callee.kind === "code").filter(({ isWhole }) => isWhole);
  const sources = { owned, data: new DataFiles(owned), conditions, root: context.root, warm };
  const bundles = await bundleSteps(
    whole.map(({ source }) => source),
    sources,
    context,
  );
  return new Map(bundles.flatMap((bundle, n) => (bundle ? [[whole[n]!.step.template, bundle]] : [])));
}

function assemble(definitions: Definitions, described: Described[], bundled: Map<string, Bundled>): Pipeline {
  const templates: Record<string, Template> = {};
  const bundles: Record<Hash, Bundle> = {};
  for (const callee of described) {
    const { step, options, at } = callee;
    if (callee.kind === "template") {
      const { task, overrides, schemas } = callee;
      templates[step.template] = { kind: "task", task, options: overrides, ...schemas, at };
    } else if (callee.kind === "pipeline") {
      const { key } = definitions.get(step.declared.call) as Defined;
      templates[step.template] = { kind: "pipeline", pipeline: key, options, at };
    } else {
      const { bundle, export: name } = bundled.get(step.template) as Bundled;
      const hash = bundleHash(bundle);
      templates[step.template] = { kind: "code", bundle: hash, export: name, ...callee.schemas, options, at };
      bundles[hash] = bundle;
    }
  }
  const [root, ...called] = [...definitions.values()] as [Defined, ...Defined[]];
  return {
    format: formatVersion,
    ...root.definition,
    ...(called.length > 0 && {
      pipelines: Object.fromEntries(called.map(({ key, definition }) => [key, definition])),
    }),
    templates,
    bundles,
  };
}
