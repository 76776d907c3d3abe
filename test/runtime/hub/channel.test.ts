/** What clients are subscribed to: through interruptions, once and whole, whether they read fast or slowly. */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer, request as forward } from "node:http";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { hashOf } from "../../../src/model/hash.ts";
import type { KeptLine } from "../../../src/model/log.ts";
import { newToken } from "../../../src/model/token.ts";
import { readMessages } from "../../../src/runtime/hub/client/messages.ts";
import { openHub } from "../../../src/runtime/hub/client/open.ts";
import { type Store, StoreError } from "../../../src/runtime/ports.ts";
import { temporaryFolder } from "../store/folders.ts";
import { agentNamed, claimOne, followUntil, pipelineNamed, running } from "../store/suite/fixtures.ts";
import { TestProxy } from "./campaign/proxy.ts";
import { clientOf, testHub } from "./hub.ts";

/** A run with a step that runs, seen through something that may be cut. */
async function interrupted() {
  const hub = await testHub();
  const proxy = await TestProxy.to(Number(new URL(hub.address).port));
  onTestFinished(() => proxy.close());
  const client = await openHub({ address: proxy.address, folder: temporaryFolder() });
  onTestFinished(() => client.close());
  const { fit, turn, agent } = await running(async () => client);
  await turn({ kind: "clone", template: fit, path: "fit" });
  await claimOne(client, agent, "default");
  return { hub, proxy, client, fit, agent };
}

const say = (store: Store, ...texts: string[]) =>
  store.logs.append(texts.map((text) => ({ task: "run/fit", attempt: 1, stream: "stdout", text, at: 1 })));

describe("an interruption", () => {
  test("costs a follower of lines none, and none comes twice", async () => {
    const { hub, proxy, client } = await interrupted();
    const heard: KeptLine[] = [];
    const all = (count: number) =>
      new Promise<void>((resolve) => {
        const stop = client.logs.follow("run", (lines) => {
          heard.push(...lines);
          if (heard.length < count) return;
          stop();
          resolve();
        });
      });
    await say(hub.store, "1", "2");
    const over = all(5);
    await say(client, "3");
    const cut = proxy.cut(100);
    await say(hub.store, "4");
    await cut;
    await say(hub.store, "5");
    await over;
    expect(heard.map(({ text }) => text)).toEqual(["1", "2", "3", "4", "5"]);
  });

  test("wakes an agent once, and tells it what it has lost meanwhile", async () => {
    const { hub, proxy, client, agent } = await interrupted();
    const told: unknown[] = [];
    const back = Promise.withResolvers<void>();
    client.queue.watch(agent, {
      ready: (queues) => {
        told.push([...queues].sort());
        back.resolve();
      },
      revoked: (task, attempt) => told.push([task, attempt]),
    });
    await client.events.latest();
    const cut = proxy.cut(100);
    await hub.store.tasks.abort("run/fit", "meanwhile");
    await cut;
    await back.promise;
    expect(told).toEqual([
      ["run/fit", 1],
      ["default", "services"],
    ]);
  });

  test("that is longer than a client's patience ends in a sentence, for who hears and for who asks", async () => {
    const hub = await testHub();
    const failed = Promise.withResolvers<unknown>();
    const client = await openHub({
      ...{ address: hub.address, folder: temporaryFolder(), patienceMs: 200, broken: failed.reject },
    });
    const hears = Promise.withResolvers<unknown>();
    client.events.hear("run", 0, { hear() {}, fail: hears.resolve });
    client.events.follow("run", 0, () => {});
    await client.events.latest();
    await hub.close();
    await expect(failed.promise).rejects.toThrow();
    expect(await hears.promise).toBeInstanceOf(Error);
    await expect(client.tasks.list({})).rejects.toThrow(StoreError);
    await client.close();
  });
});

describe("a stream of a run's events", () => {
  test("goes on from the number that its reader names", async () => {
    const { address, store } = await testHub();
    await running(async () => store);
    const events = await store.events.read("run", 0);
    const read = async (headers: Record<string, string>, path: string, count: number) => {
      const ended = new AbortController();
      const response = await fetch(`${address}/api/v1/runs/run/events/stream${path}`, {
        headers,
        signal: ended.signal,
      });
      const heard: string[] = [];
      const hear = ({ id, event }: { id: string; event: string }) => {
        if (heard.push(`${id} ${event}`) === count) ended.abort();
      };
      await readMessages(response.body as unknown as AsyncIterable<Buffer>, hear, () => {}).catch(() => {});
      return heard;
    };
    const told = events.map(({ seq, kind }) => `${seq} ${kind}`);
    expect(await read({}, "", told.length)).toEqual(told);
    expect(await read({ "last-event-id": String(events[0]!.seq) }, "", told.length - 1)).toEqual(told.slice(1));
    expect(await read({}, `?after=${events[1]!.seq}`, told.length - 2)).toEqual(told.slice(2));
  });

  test("that is read slowly misses nothing, once it is read", async () => {
    const { address, store } = await testHub();
    const { turn } = await running(async () => store);
    const explanation = "x".repeat(50_000);
    const response = await fetch(`${address}/api/v1/runs/run/events/stream`);
    const reader = response.body!.getReader();
    const decide = (from: number) =>
      turn(
        ...Array.from({ length: 100 }, (_, i) => ({
          ...{ kind: "decision" as const, path: `if${from + i}`, of: "branch" as const, outcome: 0, explanation },
        })),
      );
    for (let i = 0; i < 4; i++) await decide(i * 100);
    const seqs: number[] = [];
    const last = (await store.events.read("run", 0)).at(-1)!.seq;
    const pieces = (async function* () {
      for (;;) {
        const { value } = await reader.read();
        yield Buffer.from(value!);
      }
    })();
    const hear = ({ id }: { id: string }) => {
      seqs.push(Number(id));
      if (Number(id) === last) throw new Error("enough");
    };
    await expect(readMessages(pieces, hear, () => {})).rejects.toThrow("enough");
    await reader.cancel();
    expect(seqs).toEqual((await store.events.read("run", 0)).map(({ seq }) => seq));
  });

  test("ends when its reader's token is revoked", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const { address, store } = await testHub();
    await running(async () => store);
    const { secret, token } = newToken({ name: "t", role: "reader" }, 1);
    await store.tokens.keep(token);
    const response = await fetch(`${address}/api/v1/runs/run/events/stream`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    await store.tokens.revoke(token.id);
    // So often a stream looks whether its reader may still read.
    vi.advanceTimersByTime(5_000);
    await readMessages(
      response.body as unknown as AsyncIterable<Buffer>,
      () => {},
      () => {},
    );
  });
});

test("a lease is as long as it was meant to be, however far the hub's clock is from the agent's", async () => {
  const hub = await testHub(() => Date.now() + 3_600_000);
  const client = await clientOf(hub);
  onTestFinished(() => client.close());
  const leaseUntil = Date.now() + 30_000;
  await client.queue.join({ ...agentNamed("a"), leaseUntil });
  const [known] = await hub.store.queue.agents();
  expect(Math.abs(known!.leaseUntil - leaseUntil - 3_600_000)).toBeLessThan(1_000);
  expect(await client.queue.agents()).toEqual([{ ...agentNamed("a"), leaseUntil }]);
  await client.queue.rescue(({ leaseUntil }) => leaseUntil < Date.now());
  expect(await client.queue.agents()).toHaveLength(1);
  await client.queue.rescue(() => true);
  expect(await hub.store.queue.agents()).toEqual([]);
});

test("a large pipeline that the hub has is not sent again, and is the same", async () => {
  const hub = await testHub();
  const pipeline = pipelineNamed("large");
  pipeline.options.tags = ["x".repeat(100_000)];
  const known = await hub.store.runs.register(pipeline);
  const asked: string[] = [];
  const counting = createServer((request, response) => {
    asked.push(`${request.method} ${new URL(request.url!, "http://localhost").pathname.split("/").at(-1)}`);
    const { method, headers } = request;
    const onward = forward(
      `${hub.address}${request.url}`,
      { method, headers: { ...headers, host: "localhost" } },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(counting, "listening");
  onTestFinished(() => void counting.close());
  const { port } = counting.address() as { port: number };
  const client = await openHub({ address: `http://127.0.0.1:${port}`, folder: temporaryFolder() });
  onTestFinished(() => client.close());
  expect(await client.runs.register(pipeline)).toEqual(known);
  expect(asked).toEqual(["GET hub", "GET registered"]);
});

describe("a large content", () => {
  test("goes to the hub and comes back as a file, and is checked on the way", async () => {
    const hub = await testHub();
    const client = await clientOf(hub);
    onTestFinished(() => client.close());
    const content = randomBytes(20 * 1024 * 1024);
    const file = join(client.blobs.spool, "large");
    await mkdir(client.blobs.spool, { recursive: true });
    await writeFile(file, content);
    await client.blobs.adopt(file, hashOf(content), content.length);
    const other = await clientOf(hub);
    onTestFinished(() => other.close());
    const found = await other.blobs.file(hashOf(content));
    expect((await stat(found)).size).toBe(content.length);
    expect(
      createHash("sha256")
        .update(await readFile(found))
        .digest("hex"),
    ).toBe(hashOf(content).slice("sha256:".length));
  });

  test("that is damaged at the hub is not taken for what it was", async () => {
    const hub = await testHub();
    const client = await clientOf(hub);
    onTestFinished(() => client.close());
    const hash = await hub.store.blobs.put("right");
    await writeFile(await hub.store.blobs.file(hash), "wrong");
    await expect(client.blobs.get(hash)).rejects.toThrow("does not match its hash");
  });
});

test("a follower that is told by another process's store and by its own client hears the same", async () => {
  const hub = await testHub();
  const client = await clientOf(hub);
  const { store, fit, turn } = await running(async () => client);
  await using _ = store;
  const seen = followUntil(hub.store, "run", 0, (events) => events.at(-1)!.task === "run/b");
  const told = followUntil(store, "run", 0, (events) => events.at(-1)!.task === "run/b");
  await turn({ kind: "clone", template: fit, path: "a" }, { kind: "clone", template: fit, path: "b" });
  expect((await told).length).toBe((await seen).length);
});
