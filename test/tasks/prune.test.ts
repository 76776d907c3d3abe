import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Hash } from "../../src/model/hash.ts";
import { encode } from "../../src/model/value.ts";
import { thisProcess } from "../../src/runtime/agent/lease.ts";
import type { Store } from "../../src/runtime/ports.ts";
import { openStore } from "../../src/runtime/store/open.ts";
import { prune } from "../../src/tasks/prune.ts";
import { temporaryFolder } from "../runtime/store/folders.ts";
import { agentNamed, claimOne, pipelineNamed } from "../runtime/store/suite/fixtures.ts";

const large = (text: string) => encode(text.repeat(40_000));

/** A run of one step, whose input and output are large, and which keeps an artifact. */
async function ranOnce(store: Store, id: string) {
  const { controller, templates } = await store.runs.register(pipelineNamed("pruned"));
  await store.queue.join(agentNamed("a"));
  await store.runs.start(controller, { id });
  await claimOne(store, "a", "services");
  const [input, output, artifact] = [
    await blob(store, `in ${id}`),
    await blob(store, `out ${id}`),
    await blob(store, `art ${id}`),
  ];
  await store.runs.turn(id, 1, [{ kind: "clone", template: templates.get("fit")!, path: "fit", input }]);
  await claimOne(store, "a", "default");
  const kept = { name: "model", kind: "bytes", type: "text/plain", role: "output" } as const;
  const task = `${id}/fit`;
  await store.artifacts.put({
    task,
    attempt: 1,
    ...kept,
    hash: artifact.blob,
    bytes: artifact.bytes,
    createdAt: Date.now(),
  });
  await store.queue.report({ task, attempt: 1, agent: "a", outcome: "completed", output });
  return {
    contents: [input.blob, output.blob, artifact.blob],
    end: () => store.queue.report({ task: id, attempt: 1, agent: "a", outcome: "completed" }),
  };
}

async function blob(store: Store, name: string): Promise<{ blob: Hash; bytes: number }> {
  const text = large(name);
  return { blob: await store.blobs.put(text), bytes: text.length };
}

const fileOf = (folder: string, hash: Hash) => join(folder, "blobs", hash.slice(7, 9), hash.slice(9));

/** As if nobody had touched any file for that long. */
function age(folder: string, hours = 48): void {
  const then = new Date(Date.now() - hours * 3_600_000);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && !entry.name.startsWith("reprise.db"))
      utimesSync(join(entry.parentPath, entry.name), then, then);
}

/** Past every task that ended so far. */
async function later(): Promise<number> {
  await setTimeout(2);
  return Date.now();
}

describe("pruning", () => {
  test("removes old runs with all that ran for them, and then their contents; what others use stays", async () => {
    const folder = join(temporaryFolder(), "store");
    await using store = await openStore(folder);
    const [old, kept] = [await ranOnce(store, "old"), await ranOnce(store, "kept")];
    await old.end();
    age(folder);
    const pruned = await prune(store, folder, await later());
    expect(pruned).toMatchObject({ tasks: ["old"], pipelines: 0, blobs: 3 });
    expect(pruned.bytes).toBeGreaterThan(3 * 32 * 1024);
    expect(await store.tasks.get("old")).toBeUndefined();
    expect(await store.tasks.get("old/fit")).toBeUndefined();
    for (const hash of old.contents) expect(existsSync(fileOf(folder, hash))).toBe(false);
    for (const hash of kept.contents) await store.blobs.get(hash);
    await kept.end();
    expect((await store.tasks.get("kept"))?.status).toBe("completed");
  });

  test("removes a pipeline of which no run is left, with its bundles, and it can be registered again", async () => {
    const folder = join(temporaryFolder(), "store");
    await using store = await openStore(folder);
    await (await ranOnce(store, "old")).end();
    age(folder);
    expect(await prune(store, folder, await later())).toMatchObject({ tasks: ["old"], pipelines: 1 });
    expect(await store.tasks.list({ templates: true })).toEqual([]);
    expect(
      readdirSync(join(folder, "blobs"), { recursive: true, withFileTypes: true }).filter((e) => e.isFile()),
    ).toEqual([]);
    await (await ranOnce(store, "again")).end();
    expect((await store.tasks.get("again/fit"))?.status).toBe("completed");
  });

  test("as a trial removes nothing, and says the same", async () => {
    const folder = join(temporaryFolder(), "store");
    await using store = await openStore(folder);
    const old = await ranOnce(store, "old");
    await ranOnce(store, "kept");
    await old.end();
    age(folder);
    const before = await later();
    const trial = await prune(store, folder, before, { dryRun: true });
    expect((await store.tasks.get("old"))?.status).toBe("completed");
    for (const hash of old.contents) await store.blobs.get(hash);
    expect(await prune(store, folder, before)).toEqual(trial);
  });

  test("leaves what is young, runs, or is published", async () => {
    const folder = join(temporaryFolder(), "store");
    await using store = await openStore(folder);
    const [young, published] = [await ranOnce(store, "young"), await ranOnce(store, "published")];
    await ranOnce(store, "running");
    await published.end();
    await store.tasks.publish("published");
    age(folder);
    const before = await later();
    await setTimeout(2);
    await young.end();
    expect(await prune(store, folder, before)).toEqual({ tasks: [], pipelines: 0, blobs: 0, bytes: 0, caches: 0 });
  });

  test("leaves a content that no row names yet, for an hour, and one that was put again", async () => {
    const folder = join(temporaryFolder(), "store");
    await using store = await openStore(folder);
    const [stale, again] = [await blob(store, "stale"), await blob(store, "again")];
    age(folder);
    await blob(store, "again");
    const fresh = await blob(store, "fresh");
    expect(await prune(store, folder, Date.now())).toMatchObject({ blobs: 1 });
    expect(existsSync(fileOf(folder, stale.blob))).toBe(false);
    await store.blobs.get(again.blob);
    await store.blobs.get(fresh.blob);
  });

  test("leaves what a large value names: the content of an artifact that is passed on by reference", async () => {
    const folder = join(temporaryFolder(), "store");
    await using store = await openStore(folder);
    const artifact = await blob(store, "artifact");
    const run = await ranOnce(store, "run");
    const { templates } = await store.runs.register(pipelineNamed("pruned"));
    const text = encode({ rows: "x".repeat(100_000), model: artifact.blob });
    const input = { blob: await store.blobs.put(text), bytes: text.length };
    await store.runs.turn("run", 1, [{ kind: "clone", template: templates.get("fit")!, path: "again", input }]);
    age(folder);
    expect(await prune(store, folder, await later())).toMatchObject({ blobs: 0 });
    await store.blobs.get(artifact.blob);
    expect(run.contents).toHaveLength(3);
  });

  test("while others write loses nothing of theirs", async () => {
    const folder = join(temporaryFolder(), "store");
    await using store = await openStore(folder);
    await using other = await openStore(folder);
    const texts = Array.from({ length: 40 }, (_, i) => `text ${i}`);
    for (const text of texts) await blob(store, text);
    age(folder);
    const writing = Promise.all(texts.map(async (text) => (await blob(other, text)).blob));
    await prune(store, folder, Date.now());
    for (const hash of await writing) await store.blobs.get(hash);
  });

  test("leaves unpacked bundles while an agent lives, and compiled pipelines that were used lately", async () => {
    const folder = join(temporaryFolder(), "store");
    await using store = await openStore(folder);
    for (const name of ["cache", "bundles"]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "old"), "");
    }
    age(folder);
    writeFileSync(join(folder, "cache", "new"), "");
    const hourAgo = Date.now() - 3_600_000;
    await store.queue.join({ ...agentNamed("alive"), ...thisProcess(), leaseUntil: Date.now() + 1e6 });
    expect(await prune(store, folder, hourAgo)).toMatchObject({ caches: 1 });
    expect(readdirSync(join(folder, "cache"))).toEqual(["new"]);
    expect(statSync(join(folder, "bundles/old")).isFile()).toBe(true);
    await store.queue.leave("alive");
    expect(await prune(store, folder, hourAgo)).toMatchObject({ caches: 1 });
  });

  test("removes sets of packages that were used last before that time, also while an agent lives", async () => {
    const folder = join(temporaryFolder(), "store");
    await using store = await openStore(folder);
    await store.queue.join({ ...agentNamed("alive"), ...thisProcess(), leaseUntil: Date.now() + 1e6 });
    for (const [name, hours] of [
      ["unused", 48],
      ["used", 2],
      ["broken.1a2b.draft", 48],
    ] as const) {
      const set = join(folder, "packages", name);
      mkdirSync(set, { recursive: true });
      const then = new Date(Date.now() - hours * 3_600_000);
      utimesSync(set, then, then);
    }
    const dayAgo = Date.now() - 24 * 3_600_000;
    expect(await prune(store, folder, dayAgo, { dryRun: true })).toMatchObject({ caches: 2 });
    expect(await prune(store, folder, dayAgo)).toMatchObject({ caches: 2 });
    expect(readdirSync(join(folder, "packages"))).toEqual(["used"]);
  });
});
