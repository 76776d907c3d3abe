/** Every route of the OpenAPI document × every kind of bad token, of bad body and of foreign page, and each role × every route. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newToken, type Role, roles } from "../../../src/model/token.ts";
import type { Store } from "../../../src/runtime/ports.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { agentNamed } from "../store/suite/fixtures.ts";
import { hubFor } from "./hub.ts";

type Operation = { "x-role"?: Role; requestBody?: { content: Record<string, unknown> } };
type Document = { paths: Record<string, Record<string, Operation>> };
type Route = { verb: string; path: string; role: Role | undefined; takesJson: boolean };

const folder = mkdtempSync(join(tmpdir(), "reprise-tokens-"));
let store: Store;
let routes: Route[];
let fetch: (route: Route, headers?: Record<string, string>, body?: string) => Promise<Response>;
const secrets = new Map<string, string>();

beforeAll(async () => {
  store = await openStore(folder);
  const now = Date.now();
  for (const role of roles) {
    const { secret, token } = newToken({ name: role, role }, now);
    secrets.set(role, secret);
    await store.tokens.keep(token);
  }
  const expired = newToken({ name: "old", role: "admin", expiresAt: now - 1 }, now - 1_000);
  const revoked = newToken({ name: "lost", role: "admin" }, now);
  for (const { token } of [expired, revoked]) await store.tokens.keep(token);
  await store.tokens.revoke(revoked.token.id);
  secrets.set("expired", expired.secret).set("revoked", revoked.secret);
  const hub = hubFor(store);
  const document = (await (await hub.fetch(new Request("http://localhost/openapi.json"))).json()) as Document;
  routes = Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, { "x-role": role, requestBody }]) => ({
      ...{ verb: verb.toUpperCase(), path, role },
      takesJson: requestBody !== undefined && "application/json" in requestBody.content,
    })),
  );
  fetch = ({ verb, path }, headers = {}, body = "{}") =>
    hub.fetch(
      new Request(`http://localhost${path.replace(/\{\w+\}/g, "x")}`, {
        method: verb,
        headers: { ...headers, ...(verb !== "GET" && { "content-type": "application/json" }) },
        ...(verb !== "GET" && verb !== "DELETE" && { body }),
      }),
    );
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const kindOf = async (response: Response) => ((await response.json()) as { error: { kind: string } }).error.kind;
const closed = () => routes.filter(({ role }) => role !== undefined);

describe("a hub with tokens", () => {
  test("tells all of its routes, with the role that each takes; only its health is open", () => {
    expect(routes.length).toBeGreaterThan(70);
    expect(routes.filter(({ role }) => role === undefined).map(({ path }) => path)).toEqual(["/health"]);
  });

  test.each([
    ["none", {}],
    ["one that nobody made", { authorization: `Bearer reprise_${"x".repeat(43)}` }],
    ["the hash of one instead of its secret", "hash"],
    ["an expired one", "expired"],
    ["a revoked one", "revoked"],
    ["one that is no bearer's", { authorization: "Basic YWRtaW46YWRtaW4=" }],
    ["an empty one", { authorization: "Bearer " }],
  ] as const)("lets nobody in on any route with %s, and changes nothing", async (_, given) => {
    const secret = given === "hash" ? (await store.tokens.list())[3]!.hash : secrets.get(given as string);
    const headers = typeof given === "string" ? { authorization: `Bearer ${secret}` } : given;
    const before = await snapshot();
    for (const route of closed()) {
      const response = await fetch(route, headers);
      expect([route, response.status, await kindOf(response)]).toEqual([route, 401, "Unauthorized"]);
    }
    expect(await snapshot()).toEqual(before);
  });

  test.each(roles.slice(0, -1))("refuses the role %s wherever more is taken, and changes nothing", async (role) => {
    const authorization = `Bearer ${secrets.get(role)}`;
    const beyond = closed().filter((route) => roles.indexOf(route.role!) > roles.indexOf(role));
    expect(beyond.length).toBeGreaterThan(0);
    const before = await snapshot();
    for (const route of beyond) {
      const response = await fetch(route, { authorization });
      expect([route, response.status, await kindOf(response)]).toEqual([route, 403, "Forbidden"]);
    }
    expect(await snapshot()).toEqual(before);
  });

  test("lets a role in wherever it is enough: what is refused then is the request", async () => {
    const authorization = `Bearer ${secrets.get("admin")}`;
    for (const route of closed()) {
      const response = await fetch(route, { authorization });
      expect([401, 403]).not.toContain(response.status);
      await response.body?.cancel();
    }
  });

  test.each([
    ["a prototype", '{"__proto__": {"role": "admin"}}'],
    ["a prototype deep inside", '{"a": [{"__proto__": {"role": "admin"}}]}'],
    ["a thousand levels", `${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`],
    ["a hundred thousand levels", "[".repeat(100_000)],
    ["no JSON", "{"],
    ["a list in place of an object", "[]"],
    ["a field that no route knows", '{"no such field": 1}'],
  ])("takes no body with %s on any route, and changes nothing", async (_, body) => {
    const authorization = `Bearer ${secrets.get("admin")}`;
    const before = await snapshot();
    for (const route of closed().filter(({ takesJson }) => takesJson)) {
      const response = await fetch(route, { authorization }, body);
      expect([route, response.status, await kindOf(response)]).toEqual([route, 400, "InputError"]);
    }
    expect(await snapshot()).toEqual(before);
  });

  test("takes no body on any route that says that it is larger than it may be", async () => {
    const authorization = `Bearer ${secrets.get("admin")}`;
    for (const route of closed().filter(({ takesJson }) => takesJson)) {
      const response = await fetch(route, { authorization, "content-length": String(2 ** 31) });
      expect([route, response.status, await kindOf(response)]).toEqual([route, 413, "TooLarge"]);
    }
  });

  test("takes no request of a page of another site on any route, whatever its token", async () => {
    const authorization = `Bearer ${secrets.get("admin")}`;
    const before = await snapshot();
    for (const route of routes)
      for (const origin of ["http://evil.example", "null"]) {
        const response = await fetch(route, { authorization, origin });
        expect([route, response.status, await kindOf(response)]).toEqual([route, 403, "Forbidden"]);
      }
    expect(await snapshot()).toEqual(before);
  });

  test("takes no name of a change that is longer than one may be", async () => {
    const headers = { authorization: `Bearer ${secrets.get("admin")}`, "reprise-request": "x".repeat(201) };
    const route = routes.find(({ path }) => path === "/api/v1/runs/{run}/abort")!;
    const response = await fetch(route, headers, '{"reason":"no"}');
    expect([response.status, await kindOf(response)]).toEqual([400, "InputError"]);
  });

  test("does not let a batch do what its items may not do alone", async () => {
    const authorization = `Bearer ${secrets.get("reader")}`;
    const requests = [
      { verb: "POST", path: "/agents", body: agentNamed("a") },
      { verb: "DELETE", path: "/tokens/x" },
      { verb: "POST", path: "/batch", body: { requests: [] } },
    ];
    const response = await hubFor(store).fetch(
      new Request("http://localhost/api/v1/batch", {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify({ requests }),
      }),
    );
    const { answers } = (await response.json()) as { answers: { status: number }[] };
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 404]);
    expect(await store.queue.agents()).toEqual([]);
  });

  test("does not let one agent speak for another's", async () => {
    const [one, other] = [newToken({ name: "one", role: "agent" }, 1), newToken({ name: "other", role: "agent" }, 1)];
    for (const { token } of [one, other]) await store.tokens.keep(token);
    const hub = hubFor(store);
    const say = async (secret: string, verb: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
      const init = { method: verb, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      return (await hub.fetch(new Request(`http://localhost/api/v1${path}`, init))).status;
    };
    expect(await say(one.secret, "POST", "/agents", agentNamed("mine"))).toBe(204);
    const report = { task: "t", attempt: 1, agent: "mine", outcome: "completed" };
    expect(await say(other.secret, "POST", "/reports", report)).toBe(403);
    expect(await say(other.secret, "PUT", "/agents/mine/lease", { leaseUntil: 1 })).toBe(403);
    expect(await say(other.secret, "POST", "/claims", { agent: "mine", queues: ["default"], limit: 1 })).toBe(403);
    expect(await say(other.secret, "DELETE", "/agents/mine")).toBe(403);
    expect(await say(one.secret, "POST", "/reports", report)).toBe(200);
    expect(await say(one.secret, "DELETE", "/agents/mine")).toBe(204);
  });

  test("never tells a secret, and keeps none", async () => {
    const text = JSON.stringify(await store.tokens.list());
    for (const secret of secrets.values()) expect(text).not.toContain(secret);
  });
});

const snapshot = async () => ({
  events: await store.events.latest(),
  tokens: await store.tokens.list(),
  agents: await store.queue.agents(),
  tasks: await store.tasks.list({ templates: true }),
});
