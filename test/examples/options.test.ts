/** The examples of what a step may ask for: on a real store, by real agents, each step in a process of its own. */
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import cache from "../../examples/cache/pipeline.ts";
import checkpoint from "../../examples/checkpoint/pipeline.ts";
import limits from "../../examples/limits/pipeline.ts";
import secrets from "../../examples/secrets/pipeline.ts";
import { open, type Reprise } from "../../src/open.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-options-"));
let reprise: Reprise;
/** Each example is compiled as it is started first. */
const slow = { timeout: 120_000 };

beforeAll(async () => {
  // Two agents: what is limited is so over both.
  const agent = { queues: ["default", "services"], slots: 3 };
  reprise = await open({ store: folder, agents: [agent, { ...agent, queues: ["default"] }] });
});
afterAll(async () => {
  await reprise.close();
  rmSync(folder, { recursive: true, force: true });
});

test("cache: the second run takes everything, another input only what is the same", slow, async () => {
  const first = await (await reprise.start(cache, {}, { id: "first" })).result();
  expect(first).toEqual(
    ["brown", "jumps", "quick", "sleeps", "while"].toSorted((a, b) => b.length - a.length || a.localeCompare(b)),
  );
  expect(await (await reprise.start(cache, {}, { id: "second" })).result()).toEqual(first);
  expect(await (await reprise.start(cache, { length: 6 }, { id: "third" })).result()).toEqual(["sleeps"]);
  expect(await (await reprise.start(cache, {}, { id: "fourth", refresh: ["split"] })).result()).toEqual(first);
  const why = async (task: string) => reprise.store.cache.why(task);
  expect(await why("second/words")).toEqual({ outcome: "hit", from: "first/words" });
  expect(await why("third/words")).toEqual({ outcome: "hit", from: "first/words" });
  expect(await why("third/result")).toMatchObject({ outcome: "miss", reason: "changed", differs: ["input"] });
  expect(await why("fourth/words")).toEqual({ outcome: "miss", reason: "refresh" });
  expect(await why("fourth/result")).toEqual({ outcome: "hit", from: "first/result" });
});

test("cache: a step that is none of its cached ones cannot be refreshed", slow, async () => {
  await expect(reprise.start(cache, {}, { refresh: ["spilt"] })).rejects.toThrow('did you mean "split"?');
});

test(
  "cache: two runs at once with the same keys come to the same, and a third takes what they left",
  slow,
  async () => {
    const runs = await Promise.all(["a", "b"].map((id) => reprise.start(cache, { length: 4 }, { id })));
    const [a, b] = await Promise.all(runs.map((run) => run.result()));
    expect(a).toEqual(b);
    expect(await (await reprise.start(cache, { length: 4 }, { id: "c" })).result()).toEqual(a);
    expect(await reprise.store.cache.why("c/result")).toMatchObject({ outcome: "hit" });
  },
);

test("checkpoint: each attempt goes on where the one before it had come to", slow, async () => {
  const run = await reprise.start(checkpoint, {});
  expect(await run.result()).toEqual({ sent: 6, attempts: [1, 1, 2, 2, 2, 3] });
});

test("limits hold over all agents", slow, async () => {
  const run = await reprise.start(limits, {});
  const { atOnce, predicted } = await run.result();
  expect(atOnce).toBe(2);
  expect(predicted).toBe(12);
  const starts = (await reprise.store.tasks.list({ run: run.id, name: "prices" })).map(({ startedAt }) => startedAt!);
  const [first, , , fourth] = starts.toSorted((a, b) => a - b);
  expect(fourth! - first!).toBeGreaterThanOrEqual(500);
});

test("secrets: the key is used, and its log does not show it", slow, async () => {
  const key = "not-for-the-log";
  writeFileSync(join(folder, "secrets.env"), `SIGNING_KEY=${key}\n`, { mode: 0o600 });
  const run = await reprise.start(secrets, {}, { id: "signed" });
  expect(await run.result()).toEqual({
    message: "hello",
    signature: createHmac("sha256", key).update("hello").digest("hex"),
  });
  await reprise.close();
  reprise = await open({ store: folder, agents: [] });
  expect((await reprise.store.logs.read("signed/signature")).map(({ text }) => text)).toEqual(["signing with ***"]);
});
