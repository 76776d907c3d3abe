/** Methods of ports that need more than their arguments handed on. */
import * as z from "zod";
import type { ArtifactRole } from "../../../model/artifact.ts";
import { admit, type Pipeline } from "../../../model/pipeline.ts";
import type { Agent, TaskId } from "../../../model/task.ts";
import type { ClaimRequest, Report, Store } from "../../ports.ts";
import { base } from "../api.ts";
import type { Owners } from "../owners.ts";
import { artifact, role } from "./artifacts.ts";
import { json } from "./ports.ts";
import type { Asked, Served } from "./route.ts";
import { id, time } from "./tasks.ts";

/** So long who looks for an artifact that is on its way waits, until it has to ask again. */
const waitMs = 20_000;

export const specials = (store: Store, owners: Owners) => ({
  "queue.join": async ({ caller, input, once }: Asked) => {
    const agent = input as Agent;
    owners.check(caller, agent.id);
    return once(() => store.queue.join(agent));
  },
  "queue.renew": async ({ caller, path, input, once }: Asked) => {
    owners.check(caller, path.agent!);
    return once(() => store.queue.renew(path.agent!, (input as Agent).leaseUntil));
  },
  "queue.leave": async ({ caller, path, once }: Asked) => {
    owners.check(caller, path.agent!);
    owners.forget(path.agent!);
    return once(() => store.queue.leave(path.agent!));
  },
  "queue.report": async ({ caller, input, once }: Asked) => {
    const report = input as Report;
    owners.check(caller, report.agent);
    return once(() => store.queue.report(report));
  },
  "runs.register": async ({ input }: Asked) => {
    const pipeline = input.pipeline as Pipeline;
    admit(JSON.stringify(pipeline));
    // As it came: its hash is that of its text, whose order the door does not keep.
    return store.runs.register(pipeline);
  },
  "queue.claim": async ({ caller, input, once }: Asked) => {
    const request = input as ClaimRequest;
    owners.check(caller, request.agent);
    return once(() => store.queue.claim(request));
  },
});

export function specialRoutes(store: Store): Served[] {
  return [
    {
      verb: "POST",
      path: `${base}/rescues`,
      role: "agent",
      says: "the running attempts of agents that are gone end as lost; of those whose lease is still the one that the caller saw",
      takes: z.strictObject({
        dead: z.array(z.strictObject({ id: z.string(), leaseUntil: time })),
        run: id.optional(),
      }),
      gives: z.array(id),
      value: (asked) => rescued(store, asked),
      answer: async (asked) => json(await rescued(store, asked)),
    },
    {
      verb: "GET",
      path: `${base}/tasks/{task}/artifacts/find`,
      role: "reader",
      says: "an artifact by its name; while it is on its way, an answer without one comes now and then: ask again",
      takes: z.strictObject({ name: z.string(), role: role.default("output") }),
      gives: z.strictObject({ found: artifact.optional(), waits: z.boolean() }),
      answer: (asked) => find(store, asked),
    },
  ];
}

function rescued(store: Store, { input, once }: Asked): Promise<TaskId[]> {
  const { dead, run } = input as { dead: { id: string; leaseUntil: number }[]; run?: TaskId };
  const seen = new Map(dead.map(({ id, leaseUntil }) => [id, leaseUntil]));
  return once(() => store.queue.rescue(({ id, leaseUntil }) => seen.get(id) === leaseUntil, run));
}

async function find(store: Store, { request, path, input }: Asked): Promise<Response> {
  const { name, role } = input as { name: string; role: ArtifactRole };
  const enough = AbortSignal.timeout(waitMs);
  const signal = AbortSignal.any([request.signal, enough]);
  try {
    const found = await store.artifacts.find(path.task!, name, { role, signal });
    return json({ ...(found && { found }), waits: false });
  } catch (error) {
    if (!signal.aborted) throw error;
    return json({ waits: true });
  }
}
