/**
 * The pipeline JSON: compiler and builder write it, the runtime runs it, people diff it. This schema is the single definition of the format and
 * the only door from unknown JSON to a pipeline; `docs/pipeline.schema.json` is generated from it.
 */
import * as z from "zod";
import { type Bundle, bundleSchema, bundleTampering } from "./bundle.ts";
import { definitionOf } from "./definition.ts";
import type { Hash } from "./hash.ts";
import { parseJson } from "./json.ts";
import type { Closure, Node } from "./node.ts";
import { closureSchema, nodeSchema } from "./node-schema.ts";
import { nodesOf } from "./nodes-of.ts";
import type { TaskOptions } from "./options.ts";
import { taskOptionsSchema } from "./options-schema.ts";
import type { JsonSchema, Template } from "./template.ts";
import { hashSchema, jsonSchemaSchema, templateSchema } from "./template-schema.ts";

export const formatVersion = 1;

/** A pipeline as its author declared it, without what it shares with those that it calls. */
export type Definition = {
  name: string;
  options: TaskOptions;
  /** Where the author declared it: `file:line:column`. */
  at?: string;
  /** Of the one object that the body takes; absent where it takes none. */
  params?: JsonSchema;
  result?: JsonSchema;
  graph: Graph;
};

export type Pipeline = { format: typeof formatVersion } & Definition & {
    /** Those that it calls, at any depth, by names that differ from its own: its own stands for itself, where one of them calls it. */
    pipelines?: Record<string, Definition>;
    /** What all of them clone. */
    templates: Record<string, Template>;
    bundles: Record<Hash, Bundle>;
  };

/**
 * Module-level constants and functions that the body uses, evaluated first; then the body, called with the params. In `sequence` order nodes follow
 * each other as statements do; in `data` order each starts as soon as what it reads is there (`node.ts`).
 */
export type Graph = { order: "sequence" | "data"; module: Node[]; body: Closure };

const definition = {
  name: z.string().min(1),
  options: taskOptionsSchema,
  at: z.string().optional(),
  params: jsonSchemaSchema.optional(),
  result: jsonSchemaSchema.optional(),
  graph: z.strictObject({ order: z.enum(["sequence", "data"]), module: z.array(nodeSchema), body: closureSchema }),
};

export const pipelineSchema = z
  .strictObject({
    format: z.literal(formatVersion),
    ...definition,
    pipelines: z.record(z.string(), z.strictObject(definition)).optional(),
    templates: z.record(z.string(), templateSchema),
    bundles: z.partialRecord(hashSchema, bundleSchema),
  })
  .meta({ id: "Pipeline" });

/** JSON that is no pipeline, or one that was tampered with or comes from a newer version. The message is one sentence for people. */
export class PipelineError extends Error {
  override name = "PipelineError";
}

/** The only door from unknown text to a pipeline. Throws a PipelineError. */
export function admit(text: string): Pipeline {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new PipelineError(`this is no pipeline JSON: ${(error as Error).message}`);
  }
  const format = (json as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format > formatVersion)
    throw new PipelineError(
      `this pipeline has format ${format}, and this Reprise knows formats up to ${formatVersion}: update Reprise, or compile the pipeline again with this version`,
    );
  const parsed = pipelineSchema.safeParse(json, { jitless: true });
  if (!parsed.success) throw new PipelineError(`this is no pipeline JSON: ${firstIssue(parsed.error)}`);
  const pipeline = parsed.data as Pipeline;
  checkBundles(pipeline);
  checkReferences(pipeline);
  checkCalls(pipeline);
  return pipeline;
}

function checkBundles(pipeline: Pipeline): void {
  for (const [hash, bundle] of Object.entries(pipeline.bundles)) {
    const tampering = bundleTampering(hash as Hash, bundle);
    if (tampering)
      throw new PipelineError(`this pipeline JSON was changed after it was compiled: ${tampering}; compile it again`);
  }
}

function checkReferences(pipeline: Pipeline): void {
  const { name, pipelines = {}, bundles } = pipeline;
  if (Object.hasOwn(pipelines, name))
    throw new PipelineError(`two pipelines of the JSON have the name "${name}": nobody could tell which one is called`);
  for (const [called, template] of Object.entries(pipeline.templates)) {
    if (template.kind === "code" && !Object.hasOwn(bundles, template.bundle))
      throw new PipelineError(`the template "${called}" needs the bundle ${template.bundle}, which is not in the JSON`);
    if (template.kind === "pipeline" && definitionOf(pipeline, template.pipeline) === undefined)
      throw new PipelineError(
        `the template "${called}" needs the pipeline "${template.pipeline}", which is not in the JSON`,
      );
  }
}

/** A graph that starts a step which is not there would fail in the midst of its run. */
function checkCalls(pipeline: Pipeline): void {
  for (const { graph } of [pipeline, ...Object.values(pipeline.pipelines ?? {})])
    for (const { id, template } of nodesOf(graph, "call"))
      if (template !== undefined && !Object.hasOwn(pipeline.templates, template))
        throw new PipelineError(`the call "${id}" needs the template "${template}", which is not in the JSON`);
}

function firstIssue(error: z.ZodError): string {
  const issue = deepest(error.issues as z.core.$ZodIssue[]);
  const path = issue.path.map(String).join(".");
  return path ? `${path}: ${issue.message}` : issue.message;
}

/** A union's own message says only "invalid input": the branch that got furthest says why. */
function deepest(issues: z.core.$ZodIssue[], path: PropertyKey[] = []): { path: PropertyKey[]; message: string } {
  const all = issues.map((issue) => {
    const here = { path: [...path, ...issue.path], message: issue.message };
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return here;
    return issue.errors
      .map((branch) => deepest(branch, here.path))
      .reduce((a, b) => (b.path.length > a.path.length ? b : a), here);
  });
  return all.reduce((a, b) => (b.path.length > a.path.length ? b : a));
}

/** The published JSON Schema of the format. */
export function pipelineJsonSchema(): object {
  return { title: "Reprise pipeline", ...z.toJSONSchema(pipelineSchema, { unrepresentable: "any" }) };
}
