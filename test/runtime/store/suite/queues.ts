import { describe, expect, test } from "vitest";
import type { Position, Store } from "../../../../src/runtime/ports.ts";
import { draft } from "./drafts.ts";
import { agentNamed, claimOne, type OpenStore } from "./fixtures.ts";

async function waiting(store: Store, priorities: Record<string, number>, queue = "default"): Promise<void> {
  for (const [id, priority] of Object.entries(priorities)) {
    await store.tasks.create(draft(id, { priority, queue }));
    await store.tasks.enqueue(id);
  }
}

const order = async (store: Store, queue = "default") =>
  (await store.queue.entries(queue)).map(({ task }) => task).join(" ");

export function queuesSuite(open: OpenStore): void {
  describe("queues", () => {
    test("are known by what waits in them, by who serves them, and by having been paused", async () => {
      await using store = await open();
      await waiting(store, { one: 0, two: 0 }, "gpu");
      await store.queue.join({ ...agentNamed("a"), queues: ["default"] });
      await store.queue.pause("night", true);
      expect(await store.queue.list()).toEqual([
        { name: "default", paused: false, waiting: 0, running: 0, agents: ["a"] },
        { name: "gpu", paused: false, waiting: 2, running: 0, oldestAt: expect.any(Number), agents: [] },
        { name: "night", paused: true, waiting: 0, running: 0, agents: [] },
      ]);
      await claimOne(store, "a", "gpu");
      expect((await store.queue.list())[1]).toMatchObject({ name: "gpu", waiting: 1, running: 1 });
    });

    test("show what waits in the order in which it is claimed", async () => {
      await using store = await open();
      await waiting(store, { late: 0, urgent: 5, last: -1 });
      expect(await store.queue.entries("default")).toMatchObject([
        { task: "urgent", position: 1, priority: 5 },
        { task: "late", position: 2, priority: 0 },
        { task: "last", position: 3, priority: -1 },
      ]);
      expect(await store.queue.entries("default", 1)).toHaveLength(1);
    });

    test.each<[Position, string]>([
      ["front", "c a b d e"],
      ["back", "a b d e c"],
      [2, "a c b d e"],
      [4, "a b d c e"],
      [99, "a b d e c"],
      [{ by: -1 }, "a c b d e"],
      [{ by: 1 }, "a b d c e"],
      [{ by: -9 }, "c a b d e"],
    ])("move an entry to %o", async (position, expected) => {
      await using store = await open();
      await waiting(store, { a: 2, b: 1, c: 1, d: 1, e: 0 });
      const { position: now } = await store.queue.move("c", { position });
      expect(await order(store)).toBe(expected);
      expect(expected.split(" ")[now - 1]).toBe("c");
      await store.queue.join(agentNamed("x"));
      const { claims } = await store.queue.claim({ agent: "x", queues: ["default"], limit: 9 });
      expect(claims.map(({ task }) => task.id).join(" ")).toBe(expected);
    });

    test("stay in any order that one makes by moves", async () => {
      await using store = await open();
      const names = ["a", "b", "c", "d", "e", "f"];
      await waiting(store, Object.fromEntries(names.map((name, i) => [name, i % 2])));
      for (const name of names) await store.queue.move(name, { position: 1 });
      expect(await order(store)).toBe("f e d c b a");
      for (const name of names) await store.queue.move(name, { position: 3 });
      for (const [i, name] of ["c", "a", "f", "b", "e", "d"].entries())
        await store.queue.move(name, { position: i + 1 });
      expect(await order(store)).toBe("c a f b e d");
    });

    test("hand an entry to another queue, to which its retries go too", async () => {
      await using store = await open();
      await waiting(store, { one: 0 });
      await waiting(store, { two: 0, three: 0 }, "gpu");
      expect(await store.queue.move("one", { queue: "gpu", position: "front" })).toMatchObject({
        queue: "gpu",
        position: 1,
      });
      expect([await order(store), await order(store, "gpu")]).toEqual(["", "one two three"]);
      await store.queue.join(agentNamed("a"));
      await claimOne(store, "a", "gpu");
      await store.queue.report({
        task: "one",
        attempt: 1,
        agent: "a",
        outcome: "retry",
        failure: { name: "E", message: "" },
      });
      expect(await order(store, "gpu")).toBe("two three one");
      await expect(store.queue.move("nobody", {})).rejects.toThrow('there is no task "nobody"');
      await store.tasks.dequeue("one");
      await expect(store.queue.move("one", {})).rejects.toThrow("only what waits in a queue can be moved");
    });

    test("are cleared: what waited is a draft again", async () => {
      await using store = await open();
      await waiting(store, { one: 0, two: 0 });
      expect(await store.queue.clear("default")).toEqual(["one", "two"]);
      expect((await store.tasks.list({ status: "draft" })).map(({ id }) => id)).toEqual(["two", "one"]);
    });

    test("give nothing while they are paused, and wake agents when they go on", async () => {
      await using store = await open();
      await store.queue.join(agentNamed("a"));
      await store.queue.pause("default", true);
      await waiting(store, { one: 0 });
      let woken = 0;
      store.queue.watch("a", { ready: () => woken++, revoked() {} });
      expect((await store.queue.claim({ agent: "a", queues: ["default"], limit: 1 })).claims).toEqual([]);
      await store.queue.pause("default", false);
      expect(woken).toBe(1);
      expect((await claimOne(store, "a", "default")).task.id).toBe("one");
    });
  });
}
