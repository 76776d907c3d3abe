/** The routes of the ports: each calls its method with its arguments, and answers what it gives. */
import type { Store } from "../../ports.ts";
import { api, base, namesIn, type Route } from "../api.ts";
import { Refusal } from "../errors.ts";
import { toWire } from "../wire.ts";
import { artifacts } from "./artifacts.ts";
import { events } from "./events.ts";
import { figures } from "./figures.ts";
import { logs } from "./logs.ts";
import { metrics } from "./metrics.ts";
import { queue } from "./queue.ts";
import type { Asked, Served } from "./route.ts";
import { runs } from "./runs.ts";
import type { Shape } from "./shape.ts";
import { cache, checkpoints, provenance, store as whole } from "./store.ts";
import { tasks } from "./tasks.ts";
import { tokens } from "./tokens.ts";

const shapes = {
  tasks,
  runs,
  queue,
  events,
  cache,
  checkpoints,
  provenance,
  artifacts,
  metrics,
  logs,
  figures,
  tokens,
  store: whole,
};

type Port = Record<string, (...args: unknown[]) => Promise<unknown>>;

/** Those that are `done` another way have a handler by the name of their port and method, such as `queue.claim`. */
export function portRoutes(store: Store, done: Record<string, (asked: Asked) => Promise<unknown>>): Served[] {
  return Object.entries(api).flatMap(([name, routes]) => {
    const port = (name === "store" ? store : store[name as "tasks"]) as unknown as Port;
    return Object.entries(routes as Record<string, Route>).map(([method, route]): Served => {
      const shape = (shapes[name as keyof typeof shapes] as Record<string, Shape>)[method]!;
      const act =
        done[`${name}.${method}`] ?? ((asked: Asked) => asked.once(() => port[method]!(...argumentsOf(route, asked))));
      return {
        ...shape,
        verb: route.verb,
        path: `${base}${route.path}`,
        role: route.role,
        value: act,
        answer: async (asked) => answered(route, await act(asked)),
      };
    });
  });
}

function argumentsOf({ args, path }: Route, { path: given, input }: Asked): unknown[] {
  const inPath = new Set(namesIn(path));
  return args.map((name) => {
    if (name !== "...") return inPath.has(name) ? given[name] : input[name];
    return Object.fromEntries(Object.entries(input).filter(([key]) => !args.includes(key)));
  });
}

function answered({ verb, path }: Route, value: unknown): Response {
  if (value !== undefined) return json(value);
  if (verb === "GET") throw new Refusal("NotFound", `there is nothing at ${path}`);
  return new Response(null, { status: 204 });
}

export const json = (value: unknown): Response =>
  new Response(toWire(value), { headers: { "content-type": "application/json" } });
