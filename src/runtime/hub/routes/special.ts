/** Methods of ports that need more than their arguments handed on. */
import { z } from "zod";
import type { ArtifactRole } from "../../../model/artifact.ts";
import type { LogLine } from "../../../model/log.ts";
import type { Scalar } from "../../../model/metric.ts";
import { admit, type Pipeline } from "../../../model/pipeline.ts";
import type { Agent, TaskId } from "../../../model/task.ts";
import type { ClaimRequest, Command, Report, Store } from "../../ports.ts";
import { base } from "../api.ts";
import type { Owners } from "../owners.ts";
import { againHeader, type Held } from "../subscription.ts";
import { giveBack, unmeasured, unrecorded, unsaid } from "./again.ts";
import { artifact, role } from "./artifacts.ts";
import { json } from "./ports.ts";
import type { Asked, Served } from "./route.ts";
import { id, time } from "./tasks.ts";

/** So long who looks for an artifact that is on its way waits, until it has to ask again. */
const waitMs = 20_000;

export const specials = (store: Store, owners: Owners) => ({
  "queue.join": async ({ caller, input }: Asked) => {
    const agent = input as Agent;
    owners.check(caller, agent.id);
    return store.queue.join(agent);
  },
  "queue.renew": async ({ caller, path, input }: Asked) => {
    owners.check(caller, path.agent!);
    return store.queue.renew(path.agent!, (input as Agent).leaseUntil);
  },
  "queue.leave": async ({ caller, path }: Asked) => {
    owners.check(caller, path.agent!);
    owners.forget(path.agent!);
    return store.queue.leave(path.agent!);
  },
  "queue.report": async ({ caller, input }: Asked) => {
    const report = input as Report;
    owners.check(caller, report.agent);
    return store.queue.report(report);
  },
  "runs.register": async ({ input }: Asked) => {
    const pipeline = input.pipeline as Pipeline;
    admit(JSON.stringify(pipeline));
    // As it came: its hash is that of its text, whose order the door does not keep.
    return store.runs.register(pipeline);
  },
  "queue.claim": async ({ caller, input }: Asked) => {
    const { holding, ...request } = input as ClaimRequest & { holding?: Held[] };
    owners.check(caller, request.agent);
    if (holding !== undefined) await giveBack(store, request.agent, holding);
    return store.queue.claim(request);
  },
  "runs.turn": async (asked: Asked) => {
    const { attempt, commands } = asked.input as { attempt: number; commands: Command[] };
    const run = asked.path.run!;
    return store.runs.turn(run, attempt, isAgain(asked) ? await unrecorded(store, run, attempt, commands) : commands);
  },
  "logs.append": async (asked: Asked) => {
    const { lines } = asked.input as { lines: LogLine[] };
    return store.logs.append(isAgain(asked) ? await unsaid(store, lines) : lines);
  },
  "metrics.append": async (asked: Asked) => {
    const { points } = asked.input as { points: Scalar[] };
    return store.metrics.append(isAgain(asked) ? await unmeasured(store, points) : points);
  },
});

const isAgain = ({ request }: Asked): boolean => request.headers.has(againHeader);

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

function rescued(store: Store, { input }: Asked): Promise<TaskId[]> {
  const { dead, run } = input as { dead: { id: string; leaseUntil: number }[]; run?: TaskId };
  const seen = new Map(dead.map(({ id, leaseUntil }) => [id, leaseUntil]));
  return store.queue.rescue(({ id, leaseUntil }) => seen.get(id) === leaseUntil, run);
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
