import { describe, expect, test } from "vitest";
import type { Store } from "../../../../src/runtime/ports.ts";
import { draft } from "./drafts.ts";
import { agentNamed, claimOne, type OpenStore, running } from "./fixtures.ts";

/** What is said of waiting where nobody serves, and of what changes that. */
const told = async (store: Store, run: string) =>
  (await store.events.read(run, 0)).flatMap(({ kind, task }) =>
    kind === "unserved" || kind === "placed" ? [`${kind} ${task}`] : [],
  );

export function unservedSuite(open: OpenStore): void {
  describe("what waits where no agent serves it", () => {
    const enqueued = async (store: Store, id: string, options: Parameters<typeof draft>[1] = {}) => {
      await store.tasks.create(draft(id, options));
      await store.tasks.enqueue(id);
    };

    test("says so as it comes there, once, and again when it comes there again", async () => {
      await using store = await open();
      await enqueued(store, "one");
      await store.tasks.unserved("one");
      expect(await told(store, "one")).toEqual(["unserved one"]);
      await store.tasks.dequeue("one");
      await store.tasks.enqueue("one");
      expect(await told(store, "one")).toEqual(["unserved one", "unserved one"]);
    });

    test("says so when the last agent leaves, or is found dead, and not while another serves it", async () => {
      await using store = await open();
      for (const id of ["a", "b"]) await store.queue.join(agentNamed(id));
      await enqueued(store, "one");
      await store.queue.leave("a");
      expect(await told(store, "one")).toEqual([]);
      await store.queue.rescue(({ id }) => id === "b");
      expect(await told(store, "one")).toEqual(["unserved one"]);
    });

    test("says so where only its run is rescued, too, and of what the dead agent was running", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await store.queue.join({ ...agentNamed("steps"), queues: ["gpu"] });
      const options = { queue: "gpu" };
      await turn(...["a", "b"].map((path) => ({ kind: "clone", template: fit, path, options }) as const));
      await claimOne(store, "steps", "gpu");
      expect(await store.queue.rescue(({ id }) => id === "steps", "run")).toEqual(["run/a"]);
      expect((await told(store, "run")).toSorted()).toEqual(["unserved run/a", "unserved run/b"]);
      expect((await store.queue.agents()).map(({ id }) => id)).toEqual(["agent-of-run"]);
    });

    test("says so as it is moved there", async () => {
      await using store = await open();
      await store.queue.join(agentNamed("a"));
      await enqueued(store, "one");
      await store.queue.move("one", { queue: "gpu" });
      await store.queue.move("one", { position: "front" });
      expect(await told(store, "one")).toEqual(["placed one", "unserved one", "placed one"]);
    });

    test("is told of the agent that comes, and says so once more when that goes", async () => {
      await using store = await open();
      await enqueued(store, "one");
      await store.queue.join({ ...agentNamed("other"), queues: ["gpu"] });
      expect(await told(store, "one")).toEqual(["unserved one"]);
      await store.queue.join(agentNamed("a"));
      await store.queue.join(agentNamed("a"));
      await store.queue.leave("a");
      expect(await told(store, "one")).toEqual(["unserved one", "placed one", "unserved one"]);
    });

    test("is of one run where the agent that serves its queue is of another", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await store.queue.join({ ...agentNamed("of-s"), queues: ["gpu"], run: "s" });
      await turn({ kind: "clone", template: fit, path: "a", options: { queue: "gpu" } });
      await store.queue.join({ ...agentNamed("of-run"), queues: ["gpu"], run: "run" });
      expect(await told(store, "run")).toEqual(["unserved run/a", "placed run/a"]);
    });

    test("says what it needs that the agents of its queue do not have, also when the one that has it goes", async () => {
      await using store = await open();
      await store.queue.join({ ...agentNamed("small"), resources: { gpu: 1 } });
      await store.queue.join({ ...agentNamed("large"), resources: { gpu: 4 } });
      await enqueued(store, "one", { resources: { gpu: 2 } });
      await enqueued(store, "two");
      expect(await told(store, "one")).toEqual([]);
      await store.queue.leave("large");
      expect((await store.events.read("one", 0)).at(-1)).toMatchObject({ kind: "unserved", resources: { gpu: 2 } });
      expect(await told(store, "two")).toEqual([]);
    });

    test("is not what is left of a task that was deleted", async () => {
      await using store = await open();
      await enqueued(store, "one");
      await store.tasks.dequeue("one");
      await store.tasks.delete("one");
      await store.queue.join(agentNamed("a"));
      expect(await store.queue.entries("default")).toEqual([]);
    });
  });
}
