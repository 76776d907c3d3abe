/** A hub on a socket. */
import type { Server } from "node:http";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { StoreError } from "../ports.ts";
import type { Hub } from "./server.ts";

export interface Listening {
  /** `http://host:port` */
  readonly address: string;
  /** Takes no more requests, ends the streams, lets what is being answered finish, for a moment. */
  close(): Promise<void>;
}

/** Idle sockets stay open for longer than clients keep theirs. */
const idleMs = 75_000;
/** What is being answered may take so long when the hub closes. */
const graceMs = 2_000;

/** Rejects with a StoreError where the port is taken, or is not to be had. */
export async function listen(hub: Hub, { host, port }: { host: string; port: number }): Promise<Listening> {
  const server = createServer(getRequestListener(hub.fetch, { overrideGlobalObjects: false }));
  server.keepAliveTimeout = idleMs;
  server.headersTimeout = 20_000;
  // Contents may take long: how slowly a body may come is said where it is read.
  server.requestTimeout = 0;
  await bound(server, host, port);
  const address = server.address() as { port: number };
  return {
    address: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    close: () => closed(server, hub),
  };
}

function bound(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (error: NodeJS.ErrnoException) => reject(notBound(error, host, port)));
  server.listen(port, host, resolve);
  return promise;
}

function notBound(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `the port ${port} is taken by another process: end it, or take another port with --port`,
    EACCES: `the port ${port} may not be used by this user: take one above 1023 with --port`,
    EADDRNOTAVAIL: `the address ${host} is none of this machine: see --host`,
    ENOTFOUND: `the address ${host} is not known: see --host`,
  };
  const reason = reasons[error.code ?? ""];
  return reason === undefined ? error : new StoreError(`the hub cannot listen: ${reason}`, { cause: error });
}

async function closed(server: Server, hub: Hub): Promise<void> {
  const over = new Promise<void>((resolve) => server.close(() => resolve()));
  hub.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await over;
  clearTimeout(timer);
}
