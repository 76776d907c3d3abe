import * as z from "zod";
import { cachePolicySchema } from "../../../model/options-schema.ts";
import { hashSchema } from "../../../model/template-schema.ts";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";
import { id, stored, time } from "./tasks.ts";

const part = z.enum(["code", "input", "configuration", "environment"]);
const parts = { code: hashSchema, input: hashSchema, configuration: hashSchema, environment: hashSchema };
export const cacheKey = z.strictObject({
  hash: hashSchema,
  parts: z.strictObject(parts),
  refresh: z.literal(true).optional(),
});
const outcome = z.looseObject({ outcome: z.enum(["hit", "miss"]), differs: z.array(part).optional() });
const git = z.strictObject({
  commit: z.string(),
  branch: z.string().optional(),
  diff: z.strictObject({ content: stored, cut: z.literal(true).optional() }).optional(),
});
const provenanceRecord = z.strictObject({
  node: z.string(),
  platform: z.string(),
  git: git.optional(),
  lockfile: z.strictObject({ name: z.string(), hash: hashSchema }).optional(),
});

export const cache: ShapesOf<Ports["cache"]> = {
  why: {
    says: "why a task was taken from the cache, or ran",
    gives: outcome,
  },
  look: {
    says: "what would become of a call now: whether it would be taken from the cache, and if not, why",
    takes: z.strictObject({
      name: z.string().min(1),
      key: cacheKey,
      policy: cachePolicySchema,
      project: z.string().optional(),
    }),
    gives: outcome,
  },
};

export const checkpoints: ShapesOf<Ports["checkpoints"]> = {
  save: {
    says: "what a running attempt leaves for a later one",
    takes: z.strictObject({ attempt: z.int().nonnegative(), value: stored }),
  },
  load: { says: "what an attempt has left for a later one", gives: stored },
};

export const provenance: ShapesOf<Ports["provenance"]> = {
  keep: {
    says: "out of which state of the sources a task was started; the first one stays",
    takes: z.strictObject({ provenance: provenanceRecord }),
  },
  of: { says: "out of which state of the sources a task was started", gives: provenanceRecord },
};

export const store: ShapesOf<Ports["store"]> = {
  check: {
    says: "what is wrong with the database, and contents that are named and not there",
    gives: z.strictObject({ database: z.array(z.string()), missing: z.array(hashSchema) }),
  },
  sweep: {
    says: "removes what nothing refers to any more",
    takes: z.strictObject({ before: time, without: z.array(id).optional(), dryRun: z.boolean().optional() }),
    gives: z.strictObject({ pipelines: z.int(), blobs: z.int(), bytes: z.int() }),
  },
};
