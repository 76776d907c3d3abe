/** The hub: the ports of a store, over HTTP. */
import { type Context, Hono } from "hono";
import type { Logger } from "pino";
import type { Store } from "../ports.ts";
import { base } from "./api.ts";
import { inputOf } from "./body.ts";
import { Channels } from "./channel.ts";
import { Refusal, toWireError } from "./errors.ts";
import { Guard, type GuardOptions } from "./guard.ts";
import { Measures } from "./measures.ts";
import { openApi } from "./openapi.ts";
import { Owners } from "./owners.ts";
import type { Page } from "./page.ts";
import { batchRoute } from "./routes/batch.ts";
import { contentRoutes } from "./routes/contents.ts";
import { onceBy } from "./routes/once.ts";
import { pathIn } from "./routes/path.ts";
import { pipelineRoutes } from "./routes/pipelines.ts";
import { json, portRoutes } from "./routes/ports.ts";
import type { Caller, Served } from "./routes/route.ts";
import { specialRoutes, specials } from "./routes/special.ts";
import { subscriptionRoutes } from "./routes/subscriptions.ts";
import { channelHeader, requestHeader, toldHeader } from "./subscription.ts";

export type HubOptions = GuardOptions & {
  store: Store;
  log: Logger;
  /** Of the package. */
  version: string;
  /** What it shows to people. */
  page?: Page;
  /** Its clock; default: the machine's. */
  now?(): number;
};

export interface Hub {
  /** Answers a request; the whole API without a socket. */
  fetch(request: Request): Promise<Response>;
  /** Ends the streams: their clients come again. */
  close(): void;
}

/** A hub that answers requests; `listen` puts it on a socket. */
export function createHub({ store, log, version, page, now = Date.now, ...guarded }: HubOptions): Hub {
  const guard = new Guard(store, guarded);
  const channels = new Channels();
  const measures = new Measures(store, () => channels.size);
  const ports = [...portRoutes(store, specials(store, new Owners())), ...specialRoutes(store)];
  const routes: Served[] = [
    ...ports,
    batchRoute(
      store,
      ports.filter(({ value }) => value !== undefined),
      (error) => void refusal(error),
    ),
    ...pipelineRoutes(store),
    ...contentRoutes(store),
    ...subscriptionRoutes(store, channels, (caller) => guard.isAllowed(caller)),
    ...ownRoutes(version, now, measures),
  ];
  const app = new Hono();
  let document: string | undefined;
  app.get("/openapi.json", () => {
    document ??= JSON.stringify(openApi(routes, version));
    return new Response(document, { headers: { "content-type": "application/json" } });
  });
  for (const route of routes) app.on(route.verb, honoPath(route.path), (context) => served(route, context));
  app.notFound(
    ({ req }) =>
      page?.answer(req.raw) ?? refusal(new Refusal("NotFound", `the hub has nothing at ${req.method} ${req.path}`)),
  );
  app.onError((error) => refusal(error));

  async function served(route: Served, { req }: Context): Promise<Response> {
    const began = performance.now();
    const response = await answer(route, req.raw).catch(refusal);
    const ms = performance.now() - began;
    measures.request(`${route.verb} ${route.path}`, response.status, ms);
    log.debug(
      { route: `${route.verb} ${route.path}`, status: response.status, ms: Math.round(ms * 10) / 10 },
      "request",
    );
    return response;
  }

  async function answer(route: Served, request: Request): Promise<Response> {
    if (route.role === "anyone")
      return route.answer({ request, caller: nobody, path: {}, input: {}, once: (act) => act() });
    const caller = await guard.admit(request, route.role);
    const path = pathIn(route.path, new URL(request.url).pathname);
    const input = await inputOf(route, request);
    const once = onceBy(store, caller, request.headers.get(requestHeader) ?? undefined);
    const response = await route.answer({ request, caller, path, input, once });
    // Everything that the change has caused was told by now.
    const channel = channels.of(caller, request.headers.get(channelHeader));
    if (channel) response.headers.set(toldHeader, String(channel.told));
    return response;
  }

  function refusal(error: unknown): Response {
    const { status, body } = toWireError(error);
    const { kind, message } = body.error;
    if (status === 500) log.error({ kind, message, stack: (error as Error).stack }, "a request has failed");
    else if (status === 401 || status === 403) log.warn({ kind, message }, "a request was refused");
    const headers: Record<string, string> = { "content-type": "application/json" };
    // What it did not read of the request is not to be taken for the next one.
    if (status === 408 || status === 413) headers.connection = "close";
    if (status === 401) headers["www-authenticate"] = "Bearer";
    return new Response(JSON.stringify(body), { status, headers });
  }

  return {
    async fetch(request) {
      const response = await (async () => guard.checkOrigin(request))().then(() => app.fetch(request), refusal);
      for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
      return response;
    },
    close: () => channels.close(),
  };
}

const nobody: Caller = { id: "nobody", role: "reader" };

function ownRoutes(version: string, now: () => number, measures: Measures): Served[] {
  const own = (path: string, role: Served["role"], says: string, answer: Served["answer"]): Served[] => [
    { verb: "GET", path, role, says, answer },
  ];
  return [
    ...own("/health", "anyone", "is the hub up?", () => json({ status: "ok", version })),
    ...own("/metrics", "reader", "what Prometheus asks for", () => measures.answer()),
    ...own(`${base}/hub`, "reader", "which hub it is, what time it has, and what the caller may do", ({ caller }) =>
      json({ version, now: now(), role: caller.role }),
    ),
  ];
}

/** No request leaves the hub's origin, and nothing of it is shown elsewhere. */
const securityHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");
