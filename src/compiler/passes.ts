/** The passes, in order: load → find → header, body, steps (options and schemas) → TypeScript's errors → bundles → pipeline. */
import { existsSync } from "node:fs";
import { sep } from "node:path";
import type { ts } from "ts-morph";
import { type Bundle, bundleHash } from "../model/bundle.ts";
import type { Hash } from "../model/hash.ts";
import { formatVersion, type Graph, type Pipeline, print } from "../model/pipeline.ts";
import type { CodeTemplate, JsonSchema } from "../model/template.ts";
import { type Bundled, bundleStep, startBundler } from "./bundle.ts";
import type { Compiled, Listed } from "./compile.ts";
import type { Context } from "./context.ts";
import { DataFiles } from "./data-files.ts";
import type { Declared } from "./declarations.ts";
import { Dsl } from "./dsl.ts";
import { projectFolder } from "./folders.ts";
import { type Loaded, load, reportSyntaxErrors, reportTypeErrors } from "./load.ts";
import { lower } from "./lower/lower.ts";
import { readOptions } from "./options.ts";
import { choosePipeline, type FoundPipeline, findPipelines } from "./pipelines.ts";
import { Problems, placeOf, spotOf } from "./problem.ts";
import { rules } from "./rules.ts";
import { withDefaults } from "./schema/defaults.ts";
import { schemaOf } from "./schema/schema.ts";
import { bodyOf, type Signature, signatureOf } from "./signature.ts";
import { Steps, type UsedStep } from "./steps.ts";

/** `lookedFor` are files that would have changed the result had they been there. */
export type Fresh = Compiled & { lookedFor: string[] };

/** `file` is absolute. Rejects with a CompileError. */
export async function compileFresh(file: string, wanted: string | undefined): Promise<Fresh> {
  startBundler();
  const { loaded, context } = open(file);
  const { problems } = context;
  const found = choosePipeline(loaded.entry, wanted, context);
  const header = found && headerOf(found, context);
  const body = found && lowerBody(found, context);
  const steps = body?.steps.map((step) => describeStep(step, context));
  reportTypeErrors(loaded, problems);
  if (header === undefined || body === undefined || steps === undefined) throw problems.error();
  const bundles = await bundleSteps(steps, loaded, context);
  problems.throwIfAny();
  const pipeline = assemble(header, body.graph, steps, bundles);
  return { pipeline, text: print(pipeline), ...filesOf(loaded, bundles) };
}

/** `file` is absolute. */
export function listFresh(file: string): Listed[] {
  const { loaded, context } = open(file);
  const found = findPipelines(loaded.entry, context);
  return found.map(({ name, export: exported, declared }) => ({
    name,
    ...(exported !== undefined && { export: exported }),
    at: placeOf(context.root, declared.call),
  }));
}

function open(file: string): { loaded: Loaded; context: Context } {
  const root = projectFolder(file);
  const problems = new Problems(root);
  if (!existsSync(file)) problems.reportAt(rules.noFile, { file, text: "", start: 0, end: 0 }, { file });
  problems.throwIfAny();
  const loaded = load(file, problems);
  reportSyntaxErrors(loaded, problems);
  problems.throwIfAny();
  const { program, checker, dsl } = loaded;
  return { loaded, context: { program, checker, problems, root, dsl: new Dsl(checker, dsl) } };
}

type Header = Pick<Pipeline, "name" | "options" | "at" | "params" | "result">;

function headerOf({ name, declared, options }: FoundPipeline, context: Context): Header {
  const what = `the pipeline "${name}"`;
  const taskOptions = readOptions(options, { kind: "pipeline", what }, context);
  const signature = signatureOf(declared.fn, declared.call, what, context);
  const params = inputSchema(signature, `the params of ${what}`, context);
  const result = outputSchema(signature, `the result of ${what}`, context);
  overshadowWrapper(declared, context);
  return {
    name,
    options: taskOptions,
    at: placeOf(context.root, declared.call),
    ...(params !== undefined && { params }),
    ...(result !== undefined && { result }),
  };
}

/** `undefined` after a problem. */
function lowerBody(
  { name, declared }: FoundPipeline,
  context: Context,
): { graph: Graph; steps: UsedStep[] } | undefined {
  const { checker, problems, dsl, root } = context;
  const body = declared.fn && bodyOf(declared.fn, checker);
  if (declared.fn && body === undefined)
    problems.report(rules.bodyOutOfSight, declared.fn, { what: `the pipeline "${name}"` });
  if (body === undefined) return undefined;
  const steps = new Steps(context);
  const graph = lower(body, {
    checker,
    problems,
    place: (node: ts.Node) => placeOf(root, node),
    stepOf: (callee: ts.Expression) => steps.of(callee),
    isDsl: (callee: ts.Expression) => dsl.nameOf(callee),
  });
  return { graph, steps: steps.used };
}

/** A step as its template says it, all but the bundle. `isWhole`: no problem keeps its code from being bundled. */
type DescribedStep = {
  step: UsedStep;
  what: string;
  isWhole: boolean;
  facts: Omit<CodeTemplate, "kind" | "bundle" | "export">;
};

function describeStep(step: UsedStep, context: Context): DescribedStep {
  const { template, declared } = step;
  const what = `the step "${template}"`;
  const options = readOptions(step.options, { kind: "step", what }, context);
  const signature = signatureOf(declared.fn, declared.call, what, context);
  const input = inputSchema(signature, `the input of ${what}`, context);
  const output = outputSchema(signature, `the output of ${what}`, context);
  overshadowWrapper(declared, context);
  const facts = {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    options,
    at: placeOf(context.root, declared.call),
  };
  return { step, what, isWhole: signature !== undefined && step.isAtTop, facts };
}

/** A mistake in the wrapper makes TypeScript complain of all of it; what it says of the function's own body stands. */
function overshadowWrapper({ call, fn }: Declared, { checker, problems }: Context): void {
  const whole = spotOf(call);
  const body = fn && bodyOf(fn, checker)?.body;
  const isInside = body !== undefined && body.pos > call.pos && body.end < call.end;
  problems.overshadow(whole, isInside ? { ...whole, end: body.getStart() } : whole);
}

/** By template. Steps with problems of their own are left out. */
async function bundleSteps(
  steps: DescribedStep[],
  { owned, conditions }: Loaded,
  context: Context,
): Promise<Map<string, Bundled>> {
  const sources = { owned, data: new DataFiles(owned), conditions };
  const bundled = await Promise.all(
    steps
      .filter(({ isWhole }) => isWhole)
      .map(async ({ step, what }) => [step.template, await bundleStep(step.declared, what, sources, context)] as const),
  );
  return new Map(bundled.flatMap(([name, bundle]) => (bundle ? [[name, bundle]] : [])));
}

function assemble(header: Header, graph: Graph, steps: DescribedStep[], bundled: Map<string, Bundled>): Pipeline {
  const templates: Record<string, CodeTemplate> = {};
  const bundles: Record<Hash, Bundle> = {};
  for (const { step, facts } of steps) {
    const { bundle, export: name } = bundled.get(step.template) as Bundled;
    const hash = bundleHash(bundle);
    templates[step.template] = { kind: "code", bundle: hash, export: name, ...facts };
    bundles[hash] = bundle;
  }
  return { format: formatVersion, ...header, templates, graph, bundles };
}

function inputSchema(signature: Signature | undefined, what: string, context: Context): JsonSchema | undefined {
  const input = signature?.input;
  if (input === undefined) return undefined;
  const { checker } = context;
  const isOptional = input.declaration?.questionToken !== undefined || input.declaration?.initializer !== undefined;
  const type = isOptional ? checker.getNonNullableType(input.type) : input.type;
  const schema = schemaOf(type, { context, node: input.node, what });
  return input.declaration ? withDefaults(schema, input.declaration.name, checker) : schema;
}

function outputSchema(signature: Signature | undefined, what: string, context: Context): JsonSchema | undefined {
  return signature && schemaOf(signature.output.type, { context, node: signature.output.node, what });
}

function filesOf(
  { program, configs }: Loaded,
  bundled: Map<string, Bundled>,
): { files: string[]; lookedFor: string[] } {
  const sources = program
    .getSourceFiles()
    .map(({ fileName }) => fileName.split("/").join(sep))
    .filter((path) => existsSync(path));
  const bundledFiles = [...bundled.values()].flatMap(({ files }) => files);
  const files = new Set([...sources, ...bundledFiles, ...configs.filter((path) => existsSync(path))]);
  return { files: [...files].sort(), lookedFor: configs.filter((path) => !existsSync(path)) };
}
