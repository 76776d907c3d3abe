/** Templates: what the call nodes of a pipeline clone. */
import * as z from "zod";
import { type Hash, hashPattern } from "./hash.ts";
import type { Json } from "./json.ts";
import type { TaskOptions } from "./options.ts";
import { overridesSchema, taskOptionsSchema } from "./options-schema.ts";

/** JSON Schema, draft 2020-12. */
export type JsonSchema = boolean | { [key: string]: Json };

/** A step: a function of a bundled ES module. */
export type CodeTemplate = {
  kind: "code";
  bundle: Hash;
  /** The name that the bundle exports the function as. */
  export: string;
  input?: JsonSchema;
  output?: JsonSchema;
  options: TaskOptions;
  /** Where the author declared it: `file:line:column`. */
  at?: string;
};

/** Another pipeline of the same JSON: a call of it is a run of its own. */
export type PipelineTemplate = {
  kind: "pipeline";
  /** Its name among the pipelines of the JSON (`definitionOf`). */
  pipeline: string;
  options: TaskOptions;
  at?: string;
};

/**
 * A task that is in the store when the pipeline runs: by its id, or by its name, of which the newest is meant that is not archived. A call clones it,
 * its parameters overridden by the call's input.
 */
export type TaskTemplate = {
  kind: "task";
  task: { id: string } | { project?: string; name: string };
  /** In place of the task's own. */
  options: Partial<TaskOptions>;
  input?: JsonSchema;
  output?: JsonSchema;
  at?: string;
};

export type Template = CodeTemplate | PipelineTemplate | TaskTemplate;

export const jsonSchemaSchema: z.ZodType<JsonSchema> = z.union([z.boolean(), z.record(z.string(), z.json())]);
export const hashSchema = z.custom<Hash>(
  (value) => typeof value === "string" && hashPattern.test(value),
  "not a sha256: hash",
);

export const templateSchema: z.ZodType<Template> = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("code"),
      bundle: hashSchema,
      export: z.string(),
      input: jsonSchemaSchema.optional(),
      output: jsonSchemaSchema.optional(),
      options: taskOptionsSchema,
      at: z.string().optional(),
    }),
    z.strictObject({
      kind: z.literal("pipeline"),
      pipeline: z.string(),
      options: taskOptionsSchema,
      at: z.string().optional(),
    }),
    z.strictObject({
      kind: z.literal("task"),
      task: z.union([
        z.strictObject({ id: z.string().min(1) }),
        z.strictObject({ project: z.string().min(1).optional(), name: z.string().min(1) }),
      ]),
      options: overridesSchema,
      input: jsonSchemaSchema.optional(),
      output: jsonSchemaSchema.optional(),
      at: z.string().optional(),
    }),
  ])
  .meta({ id: "Template" });
