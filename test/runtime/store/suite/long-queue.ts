import { describe, expect, test } from "vitest";
import type { Store } from "../../../../src/runtime/ports.ts";
import { draft } from "./drafts.ts";
import { agentNamed, type OpenStore, type Running, running } from "./fixtures.ts";

const clones = (given: Running, from: number, to: number, options = {}) =>
  given.turn(
    ...Array.from({ length: to - from }, (_, i) => ({
      kind: "clone" as const,
      template: given.fit,
      path: `fit[${from + i}]`,
      options,
    })),
  );

const claim = async ({ store, agent }: Running, limit: number, resources = {}) => {
  const { claims } = await store.queue.claim({ agent, queues: ["default"], limit, resources });
  return claims.map(({ task }) => task.path!);
};

const paths = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `fit[${from + i}]`);

/** More than a claim reads ahead, and more than is remembered. */
export function longQueueSuite(open: OpenStore): void {
  describe("of a queue that is longer than what is read ahead", () => {
    test("every task is claimed once, in order, while others come and go", async () => {
      const given = await running(open);
      await using store = given.store;
      await clones(given, 0, 600);
      const claimed = await claim(given, 100);
      await clones(given, 600, 700);
      await store.runs.turn("run", 1, [{ kind: "abort", task: "run/fit[300]", reason: "no" }]);
      for (let size = 300; size > 0; ) {
        const next = await claim(given, 37);
        claimed.push(...next);
        size = next.length;
      }
      expect(claimed).toEqual(paths(0, 700).filter((path) => path !== "fit[300]"));
    });

    test("one of higher priority that comes late goes first, and so does one that is moved to the front", async () => {
      const given = await running(open);
      await using store = given.store;
      await clones(given, 0, 600);
      expect(await claim(given, 1)).toEqual(["fit[0]"]);
      await clones(given, 600, 601, { priority: 1 });
      expect(await claim(given, 2)).toEqual(["fit[600]", "fit[1]"]);
      await store.queue.move("run/fit[599]", { position: "front" });
      expect(await claim(given, 2)).toEqual(["fit[599]", "fit[2]"]);
    });

    test("one that needs less is found behind very many that need more than there is, and they stay in their order", async () => {
      const given = await running(open);
      await using _ = given.store;
      await clones(given, 0, 400, { resources: { gpu: 2 } });
      await clones(given, 400, 402, { resources: { gpu: 1 } });
      await clones(given, 402, 403);
      expect(await claim(given, 9, { gpu: 1 })).toEqual(["fit[400]", "fit[402]"]);
      expect(await claim(given, 9, { gpu: 1 })).toEqual(["fit[401]"]);
      expect(await claim(given, 9, { gpu: 1 })).toEqual([]);
      expect(await claim(given, 3, { gpu: 6 })).toEqual(paths(0, 3));
    });

    test("those of one run are claimed for it alone, in order", async () => {
      const given = await running(open);
      await using store = given.store;
      const strangers = Array.from({ length: 300 }, (_, i) => `other-${i}`);
      for (const id of strangers) await queued(store, id);
      await clones(given, 0, 300);
      await store.queue.join(agentNamed("own"));
      const { claims: own } = await store.queue.claim({ agent: "own", queues: ["default"], limit: 1_000, run: "run" });
      expect(own.map(({ task }) => task.path)).toEqual(paths(0, 300));
      const { claims: rest } = await store.queue.claim({ agent: "own", queues: ["default"], limit: 1_000 });
      expect(rest.map(({ task }) => task.id)).toEqual(strangers);
    });

    test("those that become due are claimed when their time has come, after those that were waiting", async () => {
      const given = await running(open);
      await using store = given.store;
      await clones(given, 0, 300);
      const [first] = (await store.queue.claim({ agent: given.agent, queues: ["default"], limit: 1 })).claims;
      const failure = { name: "Error", message: "no" };
      const dueAt = Date.now() + 300;
      const attempt = { task: first!.task.id, attempt: 1, agent: given.agent };
      await store.queue.report({ ...attempt, outcome: "retry", failure, notBefore: dueAt });
      const claimed = await claim(given, 1_000);
      expect(claimed).toEqual(paths(1, 300));
      await expect.poll(() => Date.now(), { interval: 5 }).toBeGreaterThanOrEqual(dueAt);
      expect(await claim(given, 1_000)).toEqual(["fit[0]"]);
    });
  });
}

async function queued(store: Store, id: string): Promise<void> {
  await store.tasks.create(draft(id));
  await store.tasks.enqueue(id);
}
