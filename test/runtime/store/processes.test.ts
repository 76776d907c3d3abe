import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/model/event.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { child, ended, together } from "./children.ts";
import { temporaryFolder } from "./folders.ts";
import { draft } from "./suite/drafts.ts";
import { agentNamed, claimOne, running } from "./suite/fixtures.ts";

const runningIn = (folder: string) => running(() => openStore(folder));

describe("several processes on one store", () => {
  test("open a new one at the same moment", async () => {
    const folder = join(temporaryFolder(), "store");
    const children = [1, 2, 3].map(() => child("open.ts", [folder]));
    await together(children);
    expect(await Promise.all(children.map((opened) => opened.rest()))).toEqual([["0"], ["0"], ["0"]]);
  });

  test("claim 200 tasks without losing or doubling one", async () => {
    const folder = temporaryFolder();
    const { store, fit, turn } = await runningIn(folder);
    await using _ = store;
    const paths = Array.from({ length: 200 }, (_, i) => `fit[${i}]`);
    await turn(...paths.map((path) => ({ kind: "clone" as const, template: fit, path })));
    const children = ["a", "b"].map((agent) => child("claim-all.ts", [folder, agent]));
    await together(children);
    const firsts = await together(children);
    const rests = await Promise.all(children.map((claiming) => claiming.rest()));
    expect([...firsts, ...rests.flat()].toSorted()).toEqual(paths.map((path) => `run/${path}`).toSorted());
    expect(await store.tasks.list({ status: "completed" })).toHaveLength(200);
  });

  test("are followed in one order, though both write at once", async () => {
    const folder = temporaryFolder();
    const { store, fit, turn } = await runningIn(folder);
    await using _ = store;
    const seen: Event[] = [];
    store.events.follow("run", 0, (events) => seen.push(...events));
    const other = child("clone.ts", [folder, "run", fit, "other", "150"]);
    await other.lines.next();
    for (let i = 0; i < 150; i++) await turn({ kind: "clone", template: fit, path: `mine[${i}]` });
    await other.rest();
    const all = await store.events.read("run", 0);
    expect(all.filter((event) => event.kind === "created")).toHaveLength(301);
    await expect.poll(() => seen.length, { interval: 5 }).toBe(all.length);
    expect(seen).toEqual(all);
  });

  test("are followed from any moment on, each event once", async () => {
    const folder = temporaryFolder();
    const { store, fit, turn } = await runningIn(folder);
    await using _ = store;
    await using other = await openStore(folder);
    const followers: Event[][] = [];
    for (let i = 0; i < 30; i++) {
      await turn({ kind: "clone", template: fit, path: `fit[${i}]` });
      // The other connection has been told of nothing yet when it begins to follow.
      const seen: Event[] = [];
      other.events.follow("run", 0, (events) => seen.push(...events));
      followers.push(seen);
      await other.logs.append([]);
    }
    const all = await store.events.read("run", 0);
    await expect.poll(() => followers.every((seen) => seen.length >= all.length), { interval: 5 }).toBe(true);
    for (const seen of followers) expect(seen).toEqual(all);
  });

  test("wake each other: what one queues the other hears, and what one aborts", async () => {
    const folder = temporaryFolder();
    const { store, fit, agent } = await runningIn(folder);
    await using _ = store;
    const first = Promise.withResolvers<void>();
    const revoked: unknown[] = [];
    const gone = Promise.withResolvers<void>();
    store.queue.watch(agent, {
      ready: () => first.resolve(),
      revoked(...what) {
        revoked.push(what);
        if (revoked.length === 2) gone.resolve();
      },
    });
    store.queue.watch("other", { ready() {}, revoked: () => expect.unreachable() });
    await child("clone.ts", [folder, "run", fit, "loop", "1"]).rest();
    await first.promise;
    await claimOne(store, agent, "default");
    child("abort.ts", [folder, "run"]);
    await gone.promise;
    expect(revoked).toEqual([
      ["run", 1],
      ["run/loop[1]/fit", 1],
    ]);
  });

  test("hear of each other's deletions, in order and once, also of tasks with many events", async () => {
    const folder = temporaryFolder();
    await using store = await openStore(folder);
    await using other = await openStore(folder);
    for (const id of ["one", "two"]) await store.tasks.create(draft(id));
    const heard: string[] = [];
    const after = await other.events.latest();
    for (const id of ["one", "two"])
      other.events.follow(id, after, (events) => heard.push(...events.map(({ kind, task }) => `${kind} ${task}`)));
    await store.tasks.delete("one");
    await store.tasks.edit("two", { comment: "x" });
    await store.tasks.delete("two");
    await expect.poll(() => heard.at(-1), { interval: 5 }).toBe("deleted two");
    // What was told of the second is gone with it, but for that it is gone.
    expect(heard.filter((each) => each.startsWith("deleted"))).toEqual(["deleted one", "deleted two"]);
    expect(await other.events.latest()).toBe(await store.events.latest());
    expect((await openStore(folder).then(async (third) => [await third.events.latest(), await third.close()]))[0]).toBe(
      await store.events.latest(),
    );
  });

  test("lose nothing that was acknowledged when one is killed", async () => {
    const folder = temporaryFolder();
    const { store, fit } = await runningIn(folder);
    await using _ = store;
    const writer = child("clone.ts", [folder, "run", fit, "loop", "100000"]);
    const acknowledged: string[] = [];
    while (acknowledged.length < 60) acknowledged.push((await writer.lines.next()).value!);
    writer.process.kill("SIGKILL");
    acknowledged.push(...(await writer.rest()));
    await ended(writer);
    const written = (await store.tasks.list({ run: "run" })).slice(1).map((task) => task.id);
    expect(written.slice(0, acknowledged.length)).toEqual(acknowledged);
    // What was committed last may have been killed before it was said.
    expect(written.length - acknowledged.length).toBeLessThanOrEqual(1);
    expect((await store.events.read("run", 0)).filter((event) => event.kind === "queued")).toHaveLength(
      1 + written.length,
    );
    await store.queue.join(agentNamed("next"));
    expect((await claimOne(store, "next", "default")).task.id).toBe("run/loop[1]/fit");
  });
});
