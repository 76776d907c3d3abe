/** A store at a hub: the same ports, over HTTP, made of the table of the API. Who uses them cannot tell. */
import { setTimeout as pause, setImmediate } from "node:timers/promises";
import type { KeptArtifact } from "../../../model/artifact.ts";
import { hashOf } from "../../../model/hash.ts";
import type { Pipeline } from "../../../model/pipeline.ts";
import { print } from "../../../model/print-pipeline.ts";
import type { TaskId } from "../../../model/task.ts";
import type { Artifacts, ClaimRequest, Metrics, Queue, Registered, Report, Store } from "../../ports.ts";
import { api, type Route } from "../api.ts";
import type { Held } from "../subscription.ts";
import { toWire } from "../wire.ts";
import { Changes } from "./changes.ts";
import { ClientChannel } from "./channel.ts";
import { HubClock } from "./clock.ts";
import { type Asked, Connection, type ConnectionOptions } from "./connection.ts";
import { Contents } from "./contents.ts";
import { Holdings } from "./holdings.ts";
import { isExiting, sayLast } from "./last-words.ts";
import { queryOf, requestOf } from "./request.ts";
import { followOver, hearOver, logsOver, newsOver, rosterOver, watchOver } from "./subscribed.ts";

export type HubOptions = ConnectionOptions & {
  /** A place of this machine for contents of that hub. */
  folder: string;
  /** Hears where a subscription cannot go on; default: the error is thrown, uncaught. */
  broken?(error: Error): void;
};

/** How long a hub may take to answer at first: it may just be starting. */
const greetingMs = 1_500;
const defaultPatienceMs = 600_000;
const partingMs = 2_000;

/** Rejects with a StoreError where there is no hub at that address, or it does not let the token in. */
export async function openHub({ folder, broken = throwUncaught, ...options }: HubOptions): Promise<Store> {
  const connection = new Connection(options);
  const clock = await greeted(connection);
  const channel = new ClientChannel(connection, options.patienceMs ?? defaultPatienceMs, broken);
  const changes = new Changes((asked) => channel.ask(asked));
  const ask: Ask = async (asked) => (asked.verb === "GET" ? (await channel.ask(asked)).body : changes.ask(asked));
  const blobs = new Contents(connection, folder);
  // What cannot be tidied is in nobody's way.
  blobs.tidy().catch(() => {});
  const close = async () => {
    if (isExiting()) {
      const { address, token } = options;
      const body = changes.left;
      if (body !== undefined) sayLast({ address, ...(token && { token }), body });
      return;
    }
    // What was asked for is done first, where the hub is there to do it.
    await Promise.race([changes.idle, pause(partingMs, undefined, { ref: false })]);
    connection.close();
  };
  const ports = portsOver(ask);
  // Large, and the same as often as it is asked for: nothing waits for it that does not need it.
  const apart = portsOver(async (asked) => (await channel.ask(asked)).body).runs;
  return {
    ...ports,
    ...ports.store,
    runs: { ...ports.runs, register: registering(ask, apart.register), keepBundle: apart.keepBundle },
    queue: queueOver(ask, channel, ports.queue, clock),
    events: { ...ports.events, follow: followOver(channel), hear: hearOver(channel), news: newsOver(channel) },
    logs: { ...ports.logs, follow: logsOver(channel) },
    artifacts: { ...ports.artifacts, find: findOver(ask) },
    metrics: { ...ports.metrics, progress: lastOfTurn(ports.metrics.progress) },
    blobs,
    once: (name, act) => changes.once(name, act),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function greeted(connection: Connection): Promise<HubClock> {
  const began = Date.now();
  const { body } = await connection.ask({ verb: "GET", path: "/hub", patienceMs: greetingMs });
  return new HubClock((body as { now: number }).now, began, Date.now());
}

/** The answer's value; undefined where there is nothing. */
type Ask = (asked: Asked) => Promise<unknown>;

type Name = keyof typeof api;
type Ports = { [N in Exclude<Name, "store">]: Pick<Store[N], Extract<keyof Store[N], keyof (typeof api)[N]>> } & {
  store: Pick<Store, "check" | "sweep">;
};

function portsOver(ask: Ask): Ports {
  const ports = Object.entries(api).map(([name, routes]) => [name, portOver(ask, routes)]);
  return Object.fromEntries(ports) as Ports;
}

function portOver(ask: Ask, routes: Record<string, Route>): object {
  const methods = Object.entries(routes).map(([name, route]) => {
    const isRead = route.verb === "GET";
    return [
      name,
      (...given: unknown[]) => (isRead ? orNothing(ask(requestOf(route, given))) : ask(requestOf(route, given))),
    ];
  });
  return Object.fromEntries(methods);
}

const orNothing = (asked: Promise<unknown>): Promise<unknown> =>
  asked.catch((error: Error) => {
    if (error.name !== "NotFound") throw error;
  });

/** A pipeline with so much text, most of it the code of its steps, is not sent where it may be known. */
const worthAsking = 64 * 1024;

/** As the store does, it knows a pipeline's object again. */
function registering(ask: Ask, register: (pipeline: Pipeline) => Promise<Registered>): typeof register {
  const known = new WeakMap<Pipeline, Promise<Registered>>();
  const once = async (pipeline: Pipeline): Promise<Registered> => {
    const text = print(pipeline);
    const there =
      text.length < worthAsking
        ? undefined
        : await orNothing(ask({ verb: "GET", path: `/pipelines/${hashOf(text)}/registered` }));
    return (there as Registered | undefined) ?? register(pipeline);
  };
  return (pipeline) => {
    const registered = known.get(pipeline) ?? once(pipeline);
    known.set(pipeline, registered);
    registered.catch(() => known.delete(pipeline));
    return registered;
  };
}

function queueOver(ask: Ask, channel: ClientChannel, port: Ports["queue"], clock: HubClock): Queue {
  const holdings = new Holdings();
  const agents = async () =>
    (await port.agents()).map((agent) => ({ ...agent, leaseUntil: clock.fromHub(agent.leaseUntil) }));
  return {
    ...port,
    join: (agent) => port.join({ ...agent, leaseUntil: clock.toHub(agent.leaseUntil) }),
    renew: (agent, leaseUntil) => port.renew(agent, clock.toHub(leaseUntil)),
    agents,
    roster: rosterOver(channel, clock),
    async claim(request: ClaimRequest) {
      const { claims, dueAt } = await port.claim(request);
      for (const { task, attempt } of claims) holdings.add(request.agent, { task: task.id, attempt });
      return dueAt === undefined ? { claims } : { claims, dueAt: clock.fromHub(dueAt) };
    },
    async report(report: Report) {
      const { notBefore } = report as { notBefore?: number };
      const told = notBefore === undefined ? report : { ...report, notBefore: clock.toHub(notBefore) };
      const isTaken = await port.report(told as Report);
      holdings.drop(report.agent, report as Held);
      return isTaken;
    },
    /** Who is dead is judged here, of what the hub knows; an agent that renews meanwhile stays. */
    async rescue(dead, run) {
      const gone = (await agents()).filter(dead);
      const seen = gone.map(({ id, leaseUntil }) => ({ id, leaseUntil: clock.toHub(leaseUntil) }));
      return (await ask({ verb: "POST", path: "/rescues", body: toWire({ dead: seen, run }) })) as string[];
    },
    watch: watchOver(channel, holdings),
  };
}

/** What is said several times in one turn of the event loop is one request, with the last of it. */
function lastOfTurn(progress: Metrics["progress"]): Metrics["progress"] {
  const said = new Map<TaskId, { attempt: number; fraction: number; kept: Promise<void> }>();
  const keep = async (task: TaskId): Promise<void> => {
    await setImmediate();
    const { attempt, fraction } = said.get(task)!;
    said.delete(task);
    await progress(task, attempt, fraction);
  };
  return (task, attempt, fraction) => {
    const kept = said.get(task)?.kept ?? keep(task);
    said.set(task, { attempt, fraction, kept });
    return kept;
  };
}

/** The hub answers now and then that it is still on its way. */
function findOver(ask: Ask): Artifacts["find"] {
  return async (task, name, { role = "output", signal } = {}) => {
    const path = `/tasks/${encodeURIComponent(task)}/artifacts/find${queryOf([
      ["name", name],
      ["role", role],
    ])}`;
    for (;;) {
      signal?.throwIfAborted();
      const { found, waits } = (await ask({ verb: "GET", path, ...(signal && { signal }) })) as {
        found?: KeptArtifact;
        waits: boolean;
      };
      if (!waits) return found;
    }
  };
}

function throwUncaught(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
