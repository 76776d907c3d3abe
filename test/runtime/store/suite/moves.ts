import { describe, expect, test } from "vitest";
import type { Event } from "../../../../src/model/event.ts";
import { ConflictError } from "../../../../src/runtime/ports.ts";
import { completed, draft } from "./drafts.ts";
import { agentNamed, claimOne, type OpenStore, pipelineNamed, running } from "./fixtures.ts";

export function movesSuite(open: OpenStore): void {
  describe("into a queue and out of it", () => {
    test("a draft goes to its own queue or another one, and comes back", async () => {
      await using store = await open();
      await store.tasks.create(draft("one"));
      expect(await store.tasks.enqueue("one", "gpu")).toMatchObject({ status: "queued", options: { queue: "gpu" } });
      expect((await store.queue.entries("gpu")).map(({ task }) => task)).toEqual(["one"]);
      await expect(store.tasks.enqueue("one")).rejects.toThrow(
        'the task "one" is queued, and cannot be enqueued: it waits already',
      );
      expect(await store.tasks.dequeue("one")).toMatchObject({ status: "draft" });
      expect(await store.queue.entries("gpu")).toEqual([]);
      await expect(store.tasks.dequeue("one")).rejects.toThrow("only what waits in a queue");
    });

    test("one that failed or was aborted is tried again by hand, as another attempt; a completed one is not", async () => {
      await using store = await open();
      await store.tasks.create(draft("one"));
      await store.queue.join(agentNamed("a"));
      await store.tasks.enqueue("one");
      await claimOne(store, "a", "default");
      await store.queue.report({
        task: "one",
        attempt: 1,
        agent: "a",
        outcome: "failed",
        failure: { name: "Error", message: "no" },
      });
      expect(await store.tasks.enqueue("one")).not.toHaveProperty("failure");
      await store.tasks.abort("one", "enough");
      await store.tasks.enqueue("one");
      expect((await claimOne(store, "a", "default")).attempt).toBe(2);
      await store.queue.report({ task: "one", attempt: 2, agent: "a", outcome: "completed" });
      await expect(store.tasks.enqueue("one")).rejects.toThrow("reset it, or clone it");
    });

    test("one that is begun anew, by hand or since it was reset, has its retries anew; its attempts stay", async () => {
      await using store = await open();
      await store.tasks.create(draft("one"));
      await store.queue.join(agentNamed("a"));
      const failure = { name: "Error", message: "no" };
      const fail = async (outcome: "retry" | "failed") => {
        const { attempt, earlier } = await claimOne(store, "a", "default");
        await store.queue.report({ task: "one", attempt, agent: "a", outcome, failure });
        return earlier.failures;
      };
      await store.tasks.enqueue("one");
      const counts = [await fail("retry"), await fail("failed")];
      await store.tasks.enqueue("one");
      counts.push(await fail("retry"), await fail("failed"));
      await store.tasks.reset("one");
      await store.tasks.enqueue("one");
      counts.push(await fail("failed"));
      expect(counts).toEqual([0, 1, 0, 1, 0]);
      expect((await store.tasks.attempts("one")).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    });

    test("a script that was never bundled is refused", async () => {
      await using store = await open();
      await store.tasks.create(draft("one", {}, { code: { kind: "script", entry: "train.ts" } }));
      await expect(store.tasks.enqueue("one")).rejects.toThrow("no code that an agent could run");
    });

    test("waiting where nobody listens is told by an event, while it lasts", async () => {
      await using store = await open();
      await store.tasks.create(draft("one"));
      await store.tasks.enqueue("one", "gpu");
      await store.tasks.unserved("one");
      await store.tasks.dequeue("one");
      await store.tasks.unserved("one");
      expect((await store.events.read("one", 0)).filter(({ kind }) => kind === "unserved")).toEqual([
        expect.objectContaining({ queue: "gpu" }),
      ]);
    });
  });

  describe("resetting", () => {
    test("makes a draft of what has ended, without what it made; its attempts stay", async () => {
      await using store = await open();
      await completed(store, "one", { input: { text: "[1]" } });
      await store.metrics.append([
        { task: "one", attempt: 1, title: "loss", series: "x", iteration: 1, value: 2, at: 1 },
      ]);
      await store.logs.append([{ task: "one", attempt: 1, stream: "stdout", text: "hello", at: 1 }]);
      const task = await store.tasks.reset("one");
      expect(task).toMatchObject({ status: "draft", input: { text: "[1]" } });
      for (const gone of ["output", "startedAt", "endedAt"]) expect(task).not.toHaveProperty(gone);
      expect(await store.metrics.summaries("one")).toEqual([]);
      expect(await store.logs.read("one")).toEqual([]);
      expect(await store.tasks.attempts("one")).toHaveLength(1);
      await store.tasks.enqueue("one");
      expect((await claimOne(store, "a", "default")).attempt).toBe(2);
      await expect(store.tasks.reset("one")).rejects.toThrow("only what has ended can be reset");
    });

    test("a run takes away all that ran for it, so that it runs as if it were new", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "fit" }, { kind: "chance", path: "x", value: 1 });
      await store.tasks.clone("run/fit", { id: "copy" });
      await store.tasks.abort("run", "again");
      await expect(store.tasks.reset("run/fit")).rejects.toThrow("is a step of the run run");
      expect(await store.tasks.reset("run")).toMatchObject({ status: "draft", run: "run" });
      expect((await store.tasks.list({ run: "run" })).map(({ id }) => id)).toEqual(["run"]);
      expect((await store.events.read("run", 0)).map(({ kind }) => kind)).toEqual(["created"]);
      expect(await store.runs.chances("run")).toEqual(new Map());
      expect(await store.tasks.get("copy")).not.toHaveProperty("parent");
    });
  });

  describe("deleting", () => {
    test("takes a task away with everything that tells of it", async () => {
      await using store = await open();
      await completed(store, "one", { configuration: { net: { text: "x" } } });
      await store.metrics.append([
        { task: "one", attempt: 1, title: "loss", series: "x", iteration: 1, value: 2, at: 1 },
      ]);
      await store.tasks.delete("one");
      expect(await store.tasks.get("one")).toBeUndefined();
      expect(await store.events.read("one", 0)).toEqual([]);
      await store.tasks.create(draft("one"));
      expect(await store.tasks.attempts("one")).toEqual([]);
    });

    test("takes a run away as a whole, and leaves the others alone", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      await store.runs.start(controller, { id: "run2" });
      await turn({ kind: "clone", template: fit, path: "fit" });
      await expect(store.tasks.delete("run/fit")).rejects.toThrow("which can be deleted as a whole");
      await expect(store.tasks.delete("run")).rejects.toThrow("it is running: abort it first");
      await store.tasks.abort("run", "enough");
      await store.tasks.delete("run");
      expect((await store.tasks.list({})).map(({ id }) => id)).toEqual(["run2"]);
      expect((await store.events.read("run2", 0)).map(({ kind }) => kind)).toEqual(["created", "queued"]);
    });

    test("is told to those who follow the task, and takes no number that was given", async () => {
      await using store = await open();
      await completed(store, "one");
      const heard: Event[] = [];
      store.events.follow("one", await store.events.latest(), (events) => heard.push(...events));
      const before = await store.events.latest();
      await store.tasks.delete("one");
      await store.tasks.create(draft("two"));
      expect(heard).toMatchObject([{ kind: "deleted", task: "one", seq: before + 1 }]);
      expect((await store.events.read("two", 0))[0]!.seq).toBe(before + 2);
    });

    test("of the latest that was told leaves its numbers taken, also for a store that is opened then", async () => {
      await using store = await open();
      await completed(store, "one");
      await store.tasks.delete("one");
      const latest = await store.events.latest();
      expect(latest).toBe(5);
      await store.tasks.create(draft("one"));
      expect((await store.events.read("one", 0)).map(({ seq }) => seq)).toEqual([latest + 1]);
    });

    test("is refused while something waits or runs, and where clones are left", async () => {
      await using store = await open();
      await store.tasks.create(draft("one"));
      await store.tasks.clone("one", { id: "two" });
      await expect(store.tasks.delete("one")).rejects.toThrow("there is a clone of it");
      await store.tasks.enqueue("two");
      await expect(store.tasks.delete("two")).rejects.toThrow(ConflictError);
      await store.tasks.dequeue("two");
      await store.tasks.delete("two");
      await store.tasks.delete("one");
      expect(await store.tasks.list({})).toEqual([]);
    });
  });

  test("aborting ends what waits or runs, and says where there was nothing to end", async () => {
    await using store = await open();
    await store.tasks.create(draft("one"));
    expect(await store.tasks.abort("one", "no")).toBe(false);
    await store.tasks.enqueue("one");
    expect(await store.tasks.abort("one", "no")).toBe(true);
    expect(await store.tasks.get("one")).toMatchObject({ status: "aborted", failure: { message: "no" } });
    expect(await store.tasks.abort("one", "no")).toBe(false);
  });
}
