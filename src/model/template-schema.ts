/** The schema of templates, apart from their types: who only names them loads no zod. */
import * as z from "zod";
import { type Hash, hashPattern } from "./hash.ts";
import { overridesSchema, taskOptionsSchema } from "./options-schema.ts";
import type { JsonSchema, Template } from "./template.ts";

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
