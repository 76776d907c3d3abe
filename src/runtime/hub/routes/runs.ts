import * as z from "zod";
import { bundleSchema } from "../../../model/bundle.ts";
import { keptOverridesSchema, rerunSchema } from "../../../model/options-schema.ts";
import { pipelineSchema } from "../../../model/pipeline.ts";
import { hashSchema } from "../../../model/template-schema.ts";
import type { Command } from "../../ports.ts";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";
import { cacheKey } from "./store.ts";
import { abortReason, anyNumber, attempt, id, stored, task, time } from "./tasks.ts";

const path = z.string().min(1);
const chance = z.union([anyNumber, z.string()]);

const command: z.ZodType<Command> = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("clone"),
      template: id,
      path,
      input: stored.optional(),
      options: keptOverridesSchema.optional(),
      cache: cacheKey.optional(),
      takes: id.optional(),
      whole: z.boolean().optional(),
    }),
    z.strictObject({ kind: z.literal("abort"), task: id, reason: z.string() }),
    z.strictObject({
      kind: z.literal("wait"),
      path,
      until: time.optional(),
      signal: z.string().optional(),
      transient: z.literal(true).optional(),
    }),
    z.strictObject({ kind: z.literal("fire"), path }),
    z.strictObject({ kind: z.literal("chance"), path, value: chance }),
    z.strictObject({
      kind: z.literal("decision"),
      path,
      of: z.enum(["branch", "loop", "skip"]),
      outcome: z.int(),
      explanation: z.string(),
    }),
  ])
  .meta({ id: "Command" });

/** Pipelines bring the code of their steps along. */
const largestMb = 256;

export const runs: ShapesOf<Ports["runs"]> = {
  register: {
    says: "keeps a pipeline, its bundles, and its templates as drafts, unless they are there; gives its draft controller",
    // Admitted by the store's own door, which says more.
    takes: z.strictObject({ pipeline: z.record(z.string(), z.unknown()) }),
    gives: z.strictObject({ pipeline: hashSchema, controller: id, templates: z.map(z.string(), id) }),
    largestMb,
  },
  pipeline: { says: "a pipeline's JSON", gives: pipelineSchema },
  bundle: { says: "the code of a step, with the files that it reads", gives: bundleSchema },
  keepBundle: {
    says: "keeps a bundle that belongs to no pipeline; gives its hash",
    takes: z.strictObject({ bundle: bundleSchema }),
    gives: hashSchema,
    largestMb,
  },
  start: {
    says: "clones a pipeline's draft controller and enqueues the clone; where a run with that id exists, it is joined",
    takes: z.strictObject({
      controller: id,
      id,
      params: stored.optional(),
      queue: z.string().min(1).optional(),
      refresh: z.union([z.literal(true), z.array(z.string())]).optional(),
      rerun: rerunSchema.optional(),
    }),
    gives: z.strictObject({ task, created: z.boolean() }),
  },
  turn: {
    says: "what a run's graph wants after a turn, in one transaction",
    takes: z.strictObject({ attempt, commands: z.array(command) }),
  },
  abort: {
    says: "aborts a run, and whatever runs for it; false where it had ended",
    takes: abortReason,
    gives: z.boolean(),
  },
  signal: {
    says: "sends a run a signal; false where it had ended",
    takes: z.strictObject({ name: z.string(), value: stored.optional() }),
    gives: z.boolean(),
  },
  chances: { says: "what a run's body has read of chance and time, by path", gives: z.map(z.string(), chance) },
};
