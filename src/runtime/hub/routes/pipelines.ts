/** Starting runs from outside of TypeScript: params are plain JSON, checked against the pipeline's schema. */
import * as z from "zod";
import type { Hash } from "../../../model/hash.ts";
import { rootOf } from "../../../model/identity.ts";
import { rerunSchema } from "../../../model/options-schema.ts";
import { checkParams } from "../../../model/params.ts";
import { type Pipeline, pipelineSchema } from "../../../model/pipeline.ts";
import type { Rerun } from "../../../model/rerun.ts";
import { runId } from "../../../model/run-id.ts";
import type { Stored } from "../../../model/task.ts";
import { encode, largeBytes } from "../../../model/value.ts";
import type { Store } from "../../ports.ts";
import { base } from "../api.ts";
import { Refusal } from "../errors.ts";
import { json } from "./ports.ts";
import type { Asked, Served } from "./route.ts";
import { runs as runShapes } from "./runs.ts";
import { id, task } from "./tasks.ts";

type Start = { params?: unknown; id?: string; queue?: string; rerun?: Rerun };

export function pipelineRoutes(store: Store): Served[] {
  return [
    {
      verb: "GET",
      path: `${base}/pipelines/{hash}/registered`,
      role: "agent",
      says: "the draft controller and the templates of a pipeline that was registered; it need not be sent again",
      gives: runShapes.register.gives!,
      answer: async ({ path }) => json(await store.runs.register(await pipelineOf(store, path.hash as Hash))),
    },
    {
      verb: "POST",
      path: `${base}/pipelines/{hash}/runs`,
      role: "author",
      says: "starts a run of a registered pipeline, or does an earlier one again; its params as JSON, where the id exists it is joined",
      takes: z.strictObject({
        params: z.json().optional(),
        id: id.optional(),
        queue: z.string().min(1).optional(),
        rerun: rerunSchema.optional(),
      }),
      gives: z.strictObject({ task, created: z.boolean() }),
      answer: async (asked) => json(await start(store, asked)),
    },
    {
      verb: "GET",
      path: `${base}/pipelines/{hash}/outline`,
      role: "reader",
      says: "a pipeline's JSON without the code of its steps: what a picture and a form are made of",
      gives: pipelineSchema,
      answer: async ({ path }) => {
        const response = json({ ...(await store.runs.pipeline(path.hash as Hash)), bundles: {} });
        response.headers.set("cache-control", "private, immutable, max-age=31536000");
        return response;
      },
    },
  ];
}

const pipelineOf = ({ runs }: Store, hash: Hash): Promise<Pipeline> =>
  runs.pipeline(hash).catch(() => {
    throw new Refusal("NotFound", `there is no pipeline ${hash}`);
  });

async function start(store: Store, { path, input, once }: Asked) {
  const { runs, blobs, provenance } = store;
  const { params: given, id = runId(Date.now()), queue, rerun } = input as Start;
  const pipeline = await pipelineOf(store, path.hash as Hash);
  const { controller } = await runs.register(pipeline);
  const params = checkParams(pipeline.params, given);
  const text = params === undefined ? undefined : encode(params, `the params of pipeline "${pipeline.name}"`);
  const stored = async (text: string): Promise<Stored> => {
    const bytes = Buffer.byteLength(text);
    return bytes > largeBytes ? { blob: await blobs.put(text), bytes } : { text };
  };
  const kept = text === undefined ? {} : { params: await stored(text) };
  const run = { id, ...kept, ...(queue !== undefined && { queue }), ...(rerun !== undefined && { rerun }) };
  const sources = rerun && (await provenance.of(rootOf(rerun.of)));
  const started = await once(() => runs.start(controller, run));
  // The first one stays: another run's of that name is none of ours to change.
  if (sources) await provenance.keep(id, sources);
  return started;
}
