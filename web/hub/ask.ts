/** The hub's ports, as a browser asks for them: made of the table of the API, typed by the ports themselves. */
import { api, base, type Route } from "../../src/runtime/hub/api.ts";
import { requestOf } from "../../src/runtime/hub/client/request.ts";
import { fromWire } from "../../src/runtime/hub/wire.ts";
import type { Store } from "../../src/runtime/ports.ts";

type Name = Exclude<keyof typeof api, "store">;
type Ports = { [N in Name]: Pick<Store[N], Extract<keyof Store[N], keyof (typeof api)[N]>> };

/** What the hub says it cannot do; `kind` is the error's name there. */
export class HubError extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

const tokenKey = "reprise-token";
export const token = (): string | null => localStorage.getItem(tokenKey);
export function setToken(secret: string): void {
  localStorage.setItem(tokenKey, secret);
}

export const authorization = (): Record<string, string> => {
  const secret = token();
  return secret === null ? {} : { authorization: `Bearer ${secret}` };
};

/** The response to a request under the API's base. Rejects with a HubError that says why not. */
export async function fetchHub(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...authorization(), ...(init.body ? { "content-type": "application/json" } : {}) };
  const response = await fetch(`${base}${path}`, { ...init, headers }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new HubError("Away", "the hub does not answer: see whether it runs");
  });
  if (response.ok) return response;
  const { error } = (await response.json().catch(() => ({}))) as { error?: { kind: string; message: string } };
  throw new HubError(error?.kind ?? "Away", error?.message ?? `the hub answers with status ${response.status}`);
}

/** The answer's value. */
export async function ask(verb: string, path: string, body?: string): Promise<unknown> {
  const response = await fetchHub(path, { method: verb, ...(body !== undefined && { body }) }).catch((error: Error) => {
    // As the ports do, of what is not there it gives nothing.
    if (verb === "GET" && error instanceof HubError && error.kind === "NotFound") return undefined;
    throw error;
  });
  if (response === undefined) return undefined;
  const text = await response.text();
  return text === "" ? undefined : fromWire(text);
}

export const hub = Object.fromEntries(
  Object.entries(api).map(([name, routes]) => [
    name,
    Object.fromEntries(
      Object.entries(routes as Record<string, Route>).map(([method, route]) => [
        method,
        (...given: unknown[]) => {
          const { verb, path, body } = requestOf(route, given);
          return ask(verb, path, body);
        },
      ]),
    ),
  ]),
) as unknown as Ports;
