import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { hashOf } from "../../../src/model/hash.ts";
import { newToken } from "../../../src/model/token.ts";
import type { Store } from "../../../src/runtime/ports.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { claimOne, running } from "../store/suite/fixtures.ts";
import { clientOf, hubFor, testHub } from "./hub.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-guard-"));
/** For what changes nothing. */
let shared: Store;
beforeAll(async () => {
  shared = await openStore(folder);
});
afterAll(async () => {
  await shared.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (headers: Record<string, string>) =>
  hubFor(shared).fetch(new Request("http://localhost/api/v1/tasks", { headers }));

describe("a hub on loopback, without tokens", () => {
  test.each(["localhost", "localhost:4737", "127.0.0.1:80", "[::1]:9", "known.example"])(
    "answers to %s",
    async (host) => {
      expect((await get({ host })).status).toBe(200);
    },
  );

  test.each(["evil.example", "localhost.evil.example", "", "127.0.0.1.nip.example:4737"])(
    "does not answer to the name %j that somebody may have made to point here",
    async (host) => expect((await get({ host })).status).toBe(403),
  );

  test.each([
    ["its own page", { host: "localhost:1", origin: "http://localhost:1" }, 200],
    ["another site", { host: "localhost:1", origin: "http://evil.example" }, 403],
    ["another port", { host: "localhost:1", origin: "http://localhost:2" }, 403],
    ["a page without an origin", { host: "localhost:1", origin: "null" }, 403],
    ["a link of another site", { host: "localhost:1", "sec-fetch-site": "cross-site" }, 403],
  ])("takes requests of %s as it should", async (_, headers, status) => {
    expect((await get(headers)).status).toBe(status);
  });

  test("takes no form of another page for JSON", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
      const response = await hubFor(shared).fetch(
        new Request("http://localhost/api/v1/store/sweep", {
          method: "POST",
          body: '{"before":1}',
          headers: { "content-type": type },
        }),
      );
      expect(response.status).toBe(400);
    }
  });

  test("wants a token as soon as the store has one, also when that is no longer valid", async () => {
    const { store } = await testHub();
    const hub = hubFor(store);
    const status = async () => (await hub.fetch(new Request("http://localhost/api/v1/tasks"))).status;
    expect(await status()).toBe(200);
    await store.tokens.keep(newToken({ name: "old", role: "reader", expiresAt: 1 }, 0).token);
    expect(await status()).toBe(401);
  });

  test("shows nothing elsewhere, and lets no page fetch from elsewhere", async () => {
    const { headers } = await get({ host: "localhost" });
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("what is not as it should be", () => {
  test.each([
    ["no JSON", "{", "no JSON"],
    ["a prototype", '{"__proto__": {"role": "admin"}}', "__proto__"],
    ["JSON that is nested too deep", `${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`, "nested"],
    ["a field that nobody knows", '{"id":"x","queue":"y","shell":"rm"}', "shell"],
    ["an id that is no text", '{"id":7}', "id"],
  ])("is refused in a sentence: %s", async (_, body, message) => {
    const response = await hubFor(shared).fetch(
      new Request("http://localhost/api/v1/tasks", {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      }),
    );
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).toContain(message);
  });

  test("a body that is too large is refused before it is read", async () => {
    const { address } = await testHub();
    const sent = request(`${address}/api/v1/tasks`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": 2 ** 31 },
    });
    sent.on("error", () => {});
    sent.write("{");
    const [response] = (await once(sent, "response")) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    sent.destroy();
  });

  test("a body that comes too slowly is cut, as JSON by its whole time, as content by its pauses", async () => {
    const { store } = await testHub();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    onTestFinished(() => void vi.useRealTimers());
    /** A byte every 20 s. */
    const trickle = (bytes: number) => {
      let left = bytes;
      return new ReadableStream({
        pull: (controller) =>
          new Promise<void>((resolve) => {
            setTimeout(() => {
              if (left > 0) controller.enqueue(Buffer.from("1"));
              left -= 1;
              if (left === 0) controller.close();
              resolve();
            }, 20_000);
          }),
        cancel() {
          left = 0;
        },
      });
    };
    const send = async (verb: string, path: string, body: ReadableStream, type: string) => {
      const request = new Request(`http://localhost/api/v1${path}`, {
        ...{ method: verb, body, duplex: "half", headers: { "content-type": type } },
      } as RequestInit);
      let status: number | undefined;
      const answered = hubFor(store).fetch(request);
      void answered.then((answer) => {
        status = answer.status;
      });
      while (status === undefined) {
        await vi.advanceTimersByTimeAsync(1_000);
        await setImmediate();
      }
      return status;
    };
    const blob = (text: string) => `/blobs/${hashOf(text)}`;
    expect(await send("POST", "/tasks", trickle(4), "application/json")).toBe(408);
    expect(await send("PUT", blob("1111"), trickle(4), "application/octet-stream")).toBe(204);
    expect(await send("PUT", blob("1"), new ReadableStream({}), "application/octet-stream")).toBe(408);
  });

  test("names and hashes that reach for files find none", async () => {
    const { address, store } = await testHub();
    const raw = async (path: string): Promise<number> => {
      const socket = connect(Number(new URL(address).port), "127.0.0.1");
      socket.end(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
      const [first] = (await once(socket, "data")) as [Buffer];
      socket.destroy();
      return Number(first.toString("latin1").split(" ")[1]);
    };
    const up = "..%2F..%2F..%2F..%2Fetc%2Fpasswd";
    expect(await raw(`/api/v1/blobs/sha256:${up}`)).toBe(400);
    expect(await raw(`/api/v1/blobs/../../../../etc/passwd`)).toBe(404);
    expect(await raw(`/api/v1/tasks/${up}/artifacts/content?name=${up}`)).toBe(404);
    expect(await raw(`/api/v1/tasks/%ff`)).toBe(400);
    expect(await store.tasks.list({})).toEqual([]);
  });

  test("a content that does not have the hash under which it comes is not kept", async () => {
    const { address, store } = await testHub();
    const hash = hashOf("right");
    const put = (body: string) => fetch(`${address}/api/v1/blobs/${hash}`, { method: "PUT", body });
    expect((await put("wrong")).status).toBe(400);
    await expect(store.blobs.get(hash)).rejects.toThrow("has no content");
    expect((await put("right")).status).toBe(204);
    expect((await store.blobs.get(hash)).toString()).toBe("right");
  });
});

describe("contents", () => {
  test("are given in the ranges that are asked for, and not again to who has them", async () => {
    const { address, store } = await testHub();
    const hash = await store.blobs.put("0123456789");
    const url = `${address}/api/v1/blobs/${hash}`;
    const ranged = async (range: string) => {
      const response = await fetch(url, { headers: { range } });
      return [response.status, response.headers.get("content-range"), await response.text()];
    };
    expect(await ranged("bytes=2-4")).toEqual([206, "bytes 2-4/10", "234"]);
    expect(await ranged("bytes=7-")).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await ranged("bytes=-3")).toEqual([206, "bytes 7-9/10", "789"]);
    expect(await ranged("bytes=9-99")).toEqual([206, "bytes 9-9/10", "9"]);
    expect(await ranged("bytes=10-")).toEqual([416, "bytes */10", ""]);
    expect(await ranged("lines=1-2")).toEqual([200, null, "0123456789"]);
    expect((await fetch(url, { headers: { "if-none-match": `"${hash}"` } })).status).toBe(304);
  });

  test("of an artifact that calls itself a page are not shown as one", async () => {
    const hub = await testHub();
    const { store, fit, turn } = await running(async () => hub.store);
    await turn({ kind: "clone", template: fit, path: "fit" });
    const content = "<script>alert(1)</script>";
    const hash = await store.blobs.put(content);
    await store.artifacts.put({
      ...{ task: "run/fit", role: "output", name: "ü/page.html", attempt: 1, kind: "text", type: "text/html" },
      ...{ hash, bytes: content.length, createdAt: 1 },
    });
    const url = `${hub.address}/api/v1/tasks/${encodeURIComponent("run/fit")}/artifacts/content?name=${encodeURIComponent("ü/page.html")}`;
    const { headers, body } = await fetch(url);
    await body!.cancel();
    expect(headers.get("content-disposition")).toMatch(/^attachment/);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });
});

describe("reports", () => {
  test("that are forged, late or told again change nothing", async () => {
    const hub = await testHub();
    const client = await clientOf(hub);
    const { store, fit, turn, agent } = await running(async () => client);
    await using _ = store;
    await turn({ kind: "clone", template: fit, path: "fit" });
    const { attempt } = await claimOne(store, agent, "default");
    const report = { task: "run/fit", attempt, agent, outcome: "completed", output: { text: "[1]" } } as const;
    expect(await store.queue.report({ ...report, agent: "another" })).toBe(false);
    expect(await store.queue.report({ ...report, attempt: 2 })).toBe(false);
    const told = (name: string) =>
      fetch(`${hub.address}/api/v1/reports`, {
        method: "POST",
        headers: { "content-type": "application/json", "reprise-request": name },
        body: JSON.stringify(report),
      }).then((response) => response.json());
    // The same request, whose answer was lost, is answered as it was; a replayed report under another name is refused.
    expect([await told("a"), await told("a"), await told("b")]).toEqual([true, true, false]);
    const ends = (await store.events.read("run", 0)).filter(({ kind }) => kind === "completed");
    expect(ends).toHaveLength(1);
  });
});
