/**
 * The API, as a table: where each method of each port is found over HTTP, who may call it, and what its arguments are called there. The server serves it,
 * the client is made of it. What does not fit (contents, subscriptions, what takes a function) has routes of its own.
 */
import type { Role } from "../../model/token.ts";
import type { Store } from "../ports.ts";

export type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type Route = {
  verb: Verb;
  /** Under `/api/v1`; an argument stands in braces. */
  path: string;
  /** The least that may call it. */
  role: Role;
  /** The method's arguments, in order. Those that are not in the path are in the query of a GET or DELETE, else in the body; `...` is an object that is spread there. */
  args: readonly string[];
};

/** Where the API begins; another version of it will begin elsewhere. */
export const base = "/api/v1";

type Method = (...args: never[]) => Promise<unknown>;
type MethodsOf<Port> = { [Name in keyof Port as Port[Name] extends Method ? Name : never]: Route };
type RoutesOf<Port, Apart extends keyof Port = never> = Omit<MethodsOf<Port>, Apart>;

type Api = {
  [Name in
    | "tasks"
    | "runs"
    | "events"
    | "cache"
    | "checkpoints"
    | "provenance"
    | "metrics"
    | "logs"
    | "figures"
    | "tokens"]: RoutesOf<Store[Name]>;
} & {
  queue: RoutesOf<Store["queue"], "rescue">;
  artifacts: RoutesOf<Store["artifacts"], "find">;
  store: RoutesOf<Pick<Store, "check" | "sweep">>;
};

const route =
  (role: Role) =>
  (what: `${Verb} /${string}`, ...args: string[]): Route => {
    const [verb, path] = what.split(" ") as [Verb, string];
    return { verb, path, role, args };
  };

const [reader, agent, author, admin] = (["reader", "agent", "author", "admin"] as const).map(route) as [
  ReturnType<typeof route>,
  ReturnType<typeof route>,
  ReturnType<typeof route>,
  ReturnType<typeof route>,
];

export const api = {
  tasks: {
    get: reader("GET /tasks/{id}", "id"),
    list: reader("GET /tasks", "..."),
    attempts: reader("GET /tasks/{id}/attempts", "id"),
    projects: reader("GET /projects"),
    configuration: reader("GET /tasks/{id}/configuration", "id"),
    create: agent("POST /tasks", "..."),
    clone: agent("POST /tasks/{source}/clone", "source", "..."),
    edit: agent("PATCH /tasks/{id}", "id", "..."),
    record: agent("POST /tasks/{id}/record", "id", "attempt", "what"),
    begin: agent("POST /tasks/begin", "draft", "agent"),
    enqueue: agent("POST /tasks/{id}/enqueue", "id", "queue"),
    dequeue: agent("POST /tasks/{id}/dequeue", "id"),
    abort: agent("POST /tasks/{id}/abort", "id", "reason"),
    reset: author("POST /tasks/{id}/reset", "id"),
    delete: author("DELETE /tasks/{id}", "id"),
    publish: author("POST /tasks/{id}/publish", "id"),
    archive: author("POST /tasks/{id}/archive", "id", "archived"),
    unserved: agent("POST /tasks/{id}/unserved", "id"),
    installing: agent("POST /tasks/{id}/installing", "id", "attempt", "packages"),
  },
  runs: {
    register: agent("POST /pipelines", "pipeline"),
    pipeline: reader("GET /pipelines/{hash}", "hash"),
    bundle: reader("GET /bundles/{hash}", "hash"),
    keepBundle: agent("POST /bundles", "bundle"),
    start: agent("POST /runs", "controller", "..."),
    turn: agent("POST /runs/{run}/turns", "run", "attempt", "commands"),
    abort: agent("POST /runs/{run}/abort", "run", "reason"),
    signal: agent("POST /runs/{run}/signals", "run", "name", "value"),
    chances: reader("GET /runs/{run}/chances", "run"),
  },
  queue: {
    join: agent("POST /agents", "..."),
    renew: agent("PUT /agents/{agent}/lease", "agent", "leaseUntil"),
    leave: agent("DELETE /agents/{agent}", "agent"),
    agents: reader("GET /agents"),
    claim: agent("POST /claims", "..."),
    report: agent("POST /reports", "..."),
    list: reader("GET /queues"),
    entries: reader("GET /queues/{queue}/entries", "queue", "limit"),
    move: author("POST /tasks/{task}/move", "task", "..."),
    clear: author("POST /queues/{queue}/clear", "queue"),
    limit: author("PUT /queues/{queue}/limit", "queue", "limit"),
    pause: author("PUT /queues/{queue}/pause", "queue", "paused"),
  },
  events: {
    read: reader("GET /runs/{run}/events", "run", "after", "limit", "scope", "kinds"),
    latest: reader("GET /events/latest"),
  },
  cache: {
    why: reader("GET /tasks/{task}/cache", "task"),
    look: reader("POST /cache/look", "..."),
  },
  checkpoints: {
    save: agent("PUT /tasks/{task}/checkpoint", "task", "attempt", "value"),
    load: reader("GET /tasks/{task}/checkpoint", "task"),
  },
  provenance: {
    keep: agent("PUT /tasks/{task}/provenance", "task", "provenance"),
    of: reader("GET /tasks/{task}/provenance", "task"),
  },
  artifacts: {
    put: agent("POST /artifacts", "..."),
    list: reader("GET /tasks/{task}/artifacts", "task"),
    announce: agent("POST /uploads", "..."),
    withdraw: agent("POST /uploads/withdraw", "..."),
  },
  metrics: {
    append: agent("POST /metrics", "points"),
    read: reader("GET /tasks/{task}/metrics/points", "task", "title", "series", "..."),
    summaries: reader("GET /tasks/{task}/metrics", "task"),
    progress: agent("PUT /tasks/{task}/progress", "task", "attempt", "fraction"),
  },
  logs: {
    append: agent("POST /logs", "lines"),
    read: reader("GET /tasks/{task}/logs", "task", "..."),
  },
  figures: {
    put: agent("POST /figures", "figures"),
    list: reader("GET /tasks/{task}/figures", "task"),
  },
  tokens: {
    keep: admin("POST /tokens", "..."),
    list: admin("GET /tokens"),
    find: admin("GET /tokens/{hash}", "hash"),
    revoke: admin("DELETE /tokens/{id}", "id"),
  },
  store: {
    check: admin("GET /store/check"),
    sweep: admin("POST /store/sweep", "..."),
  },
} satisfies Api;

export type Ports = typeof api;

/** The names in braces, in order. */
export const namesIn = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);

/** Are its arguments in the query? */
export const isQuery = (verb: Verb): boolean => verb === "GET" || verb === "DELETE";
