import * as z from "zod";
import type { KeptArtifact } from "../../../model/artifact.ts";
import { hashSchema } from "../../../model/template-schema.ts";
import type { Ports } from "../api.ts";
import type { ShapesOf } from "./shape.ts";
import { attempt, id, time } from "./tasks.ts";

export const role = z.enum(["input", "output"]);

const upload = { task: id, role, name: z.string(), attempt };

const artifactShape = z
  .strictObject({
    ...upload,
    kind: z.enum(["text", "json", "bytes", "file", "folder", "table"]),
    type: z.string(),
    hash: hashSchema,
    bytes: z.int().nonnegative(),
    metadata: z.record(z.string(), z.json()).optional(),
    model: z.strictObject({ framework: z.string().optional(), labels: z.array(z.string()).optional() }).optional(),
    preview: z.string().optional(),
    createdAt: time,
  })
  .meta({ id: "Artifact" });
export const artifact: z.ZodType<KeptArtifact> = artifactShape;

export const artifacts: ShapesOf<Ports["artifacts"]> = {
  put: { says: "names a content, which was put before, as a product of a task", takes: artifactShape },
  list: { says: "the artifacts of a task, in the order in which they came", gives: z.array(artifact) },
  announce: { says: "says that content is on its way: who looks for it waits", takes: z.strictObject(upload) },
  withdraw: { says: "says that announced content does not come", takes: z.strictObject(upload) },
};
