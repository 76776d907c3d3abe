/** The passes, in order: load → find → lower → types → templates (options, schemas, bundles) → pipeline. */
import { existsSync } from "node:fs";
import { sep } from "node:path";
import type { ts } from "ts-morph";
import type { Bundle } from "../model/bundle.ts";
import { bundleHash } from "../model/bundle.ts";
import type { Hash } from "../model/hash.ts";
import { formatVersion, type Graph, type Pipeline, print } from "../model/pipeline.ts";
import type { CodeTemplate, JsonSchema } from "../model/template.ts";
import { type Bundled, bundleStep, type Sources } from "./bundle.ts";
import type { Compiled, Listed } from "./compile.ts";
import type { Context } from "./context.ts";
import { DataFiles } from "./data-files.ts";
import { Dsl } from "./dsl.ts";
import { projectFolder } from "./folders.ts";
import { type Loaded, load, reportSyntaxErrors, reportTypeErrors } from "./load.ts";
import { lower } from "./lower/lower.ts";
import { readOptions } from "./options.ts";
import { choosePipeline, type FoundPipeline, findPipelines } from "./pipelines.ts";
import { Problems, placeOf } from "./problem.ts";
import { rules } from "./rules.ts";
import { withDefaults } from "./schema/defaults.ts";
import { schemaOf } from "./schema/schema.ts";
import { bodyOf, type Signature, signatureOf } from "./signature.ts";
import { Steps, type UsedStep } from "./steps.ts";

/** `lookedFor` are files that would have changed the result had they been there. */
export type Fresh = Compiled & { lookedFor: string[] };

/** `file` is absolute. Rejects with a CompileError. */
export async function compileFresh(file: string, wanted: string | undefined): Promise<Fresh> {
  const { loaded, context } = open(file);
  const { problems } = context;
  const found = choosePipeline(loaded.entry, wanted, context);
  const lowered = found && lowerBody(found, context);
  reportTypeErrors(loaded, problems);
  if (found === undefined || lowered === undefined) throw problems.error();
  const pipeline = await assemble(found, lowered, loaded, context);
  problems.throwIfAny();
  return { pipeline: pipeline.value, text: print(pipeline.value), ...filesOf(loaded, pipeline.files) };
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

type Lowered = { graph: Graph; steps: UsedStep[]; signature: Signature | undefined };

function lowerBody({ name, declared }: FoundPipeline, context: Context): Lowered | undefined {
  const { checker, problems, dsl, root } = context;
  const what = `the pipeline "${name}"`;
  const signature = signatureOf(declared.fn, declared.call, what, context);
  const body = declared.fn && bodyOf(declared.fn, checker);
  if (declared.fn && !body && signature) problems.report(rules.bodyOutOfSight, declared.fn, { what });
  if (body === undefined) return undefined;
  const steps = new Steps(context);
  const graph = lower(body, {
    checker,
    problems,
    place: (node: ts.Node) => placeOf(root, node),
    stepOf: (callee: ts.Expression) => steps.of(callee),
    isDsl: (callee: ts.Expression) => dsl.nameOf(callee),
  });
  return { graph, steps: steps.used, signature };
}

async function assemble(
  { name, declared, options }: FoundPipeline,
  { graph, steps, signature }: Lowered,
  loaded: Loaded,
  context: Context,
): Promise<{ value: Pipeline; files: string[] }> {
  const what = `the pipeline "${name}"`;
  const sources: Sources = { owned: loaded.owned, data: new DataFiles(loaded.owned), conditions: loaded.conditions };
  const params = inputSchema(signature, `the params of ${what}`, context);
  const result = outputSchema(signature, `the result of ${what}`, context);
  const taskOptions = readOptions(options, { kind: "pipeline", what }, context);
  const made = await Promise.all(steps.map((step) => template(step, sources, context)));

  const templates: Record<string, CodeTemplate> = {};
  const bundles: Record<Hash, Bundle> = {};
  for (const one of made) {
    if (one === undefined) continue;
    templates[one.name] = one.template;
    bundles[one.template.bundle] = one.bundle;
  }
  const value: Pipeline = {
    format: formatVersion,
    name,
    options: taskOptions,
    at: placeOf(context.root, declared.call),
    ...(params !== undefined && { params }),
    ...(result !== undefined && { result }),
    templates,
    graph,
    bundles,
  };
  return { value, files: made.flatMap((one) => one?.files ?? []) };
}

type Made = { name: string; template: CodeTemplate; bundle: Bundle; files: string[] };

/** `undefined` after a problem. */
async function template(step: UsedStep, sources: Sources, context: Context): Promise<Made | undefined> {
  const { template: name, declared } = step;
  const what = `the step "${name}"`;
  const options = readOptions(step.options, { kind: "step", what }, context);
  const signature = signatureOf(declared.fn, declared.call, what, context);
  const input = inputSchema(signature, `the input of ${what}`, context);
  const output = outputSchema(signature, `the output of ${what}`, context);
  const bundled: Bundled | undefined = signature && (await bundleStep(declared, what, sources, context));
  if (bundled === undefined) return undefined;
  return {
    name,
    template: {
      kind: "code",
      bundle: bundleHash(bundled.bundle),
      export: bundled.export,
      ...(input !== undefined && { input }),
      ...(output !== undefined && { output }),
      options,
      at: placeOf(context.root, declared.call),
    },
    bundle: bundled.bundle,
    files: bundled.files,
  };
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

function filesOf({ program, configs }: Loaded, bundled: string[]): { files: string[]; lookedFor: string[] } {
  const sources = program
    .getSourceFiles()
    .map(({ fileName }) => fileName.split("/").join(sep))
    .filter((path) => existsSync(path));
  const files = new Set([...sources, ...bundled, ...configs.filter((path) => existsSync(path))]);
  return { files: [...files].sort(), lookedFor: configs.filter((path) => !existsSync(path)) };
}
