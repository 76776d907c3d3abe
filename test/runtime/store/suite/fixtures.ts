import { type Bundle, bundleHash } from "../../../../src/model/bundle.ts";
import type { Event } from "../../../../src/model/event.ts";
import type { TaskOptions } from "../../../../src/model/options.ts";
import type { Pipeline } from "../../../../src/model/pipeline.ts";
import type { Agent } from "../../../../src/model/task.ts";
import type { Claim, Command, Store } from "../../../../src/runtime/ports.ts";

export type OpenStore = () => Promise<Store>;

export const bundle: Bundle = { code: "export const fit = async () => 1;\n", map: "{}" };

export function pipelineNamed(name: string, fit: Partial<TaskOptions> = {}): Pipeline {
  const code = { kind: "code" as const, bundle: bundleHash(bundle), export: "fit" };
  return {
    format: 1,
    name,
    options: { type: "controller", queue: "services" },
    templates: {
      fit: { ...code, options: { type: "training", queue: "default", ...fit } },
      test: { ...code, options: { type: "testing", queue: "default" } },
    },
    graph: { order: "sequence", module: [], body: { id: name, name, async: true, params: [], nodes: [] } },
    bundles: { [bundleHash(bundle)]: bundle },
  };
}

export function agentNamed(id: string): Agent {
  return { id, host: "here", pid: 7, processStart: "1", queues: ["default", "services"], slots: 4, leaseUntil: 0 };
}

export type Running = {
  store: Store;
  run: string;
  agent: string;
  fit: string;
  test: string;
  turn(...commands: Command[]): Promise<void>;
};

/** A store with a run whose controller is the first attempt of a joined agent. */
export async function running(open: OpenStore, run = "run", options: Partial<TaskOptions> = {}): Promise<Running> {
  const store = await open();
  const { controller, templates } = await store.runs.register(pipelineNamed("rerun", options));
  const agent = `agent-of-${run}`;
  await store.queue.join(agentNamed(agent));
  await store.runs.start(controller, { id: run, params: { text: "[1]" } });
  await claimOne(store, agent, "services");
  return {
    store,
    run,
    agent,
    fit: templates.get("fit")!,
    test: templates.get("test")!,
    turn: (...commands) => store.runs.turn(run, 1, commands),
  };
}

export async function claimOne(store: Store, agent: string, ...queues: string[]): Promise<Claim> {
  const [claim] = (await store.queue.claim({ agent, queues, limit: 1 })).claims;
  if (claim === undefined) throw new Error(`nothing to claim in ${queues}`);
  return claim;
}

/** Resolves once `enough` says so of all events that a follower has been given so far. */
export function followUntil(
  store: Store,
  run: string,
  after: number,
  enough: (events: Event[]) => boolean,
): Promise<Event[]> {
  const seen: Event[] = [];
  return new Promise((resolve) => {
    const stop = store.events.follow(run, after, (events) => {
      seen.push(...events);
      if (!enough(seen)) return;
      stop();
      resolve(seen);
    });
  });
}
