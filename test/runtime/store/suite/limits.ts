import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Options, type TaskOptions, taskOptions } from "../../../../src/model/options.ts";
import type { Amounts } from "../../../../src/model/resources.ts";
import type { Claim, Store } from "../../../../src/runtime/ports.ts";
import { agentNamed, type OpenStore, pipelineNamed, type Running, running } from "./fixtures.ts";

const limited = (options: Pick<Options, "concurrency" | "rate" | "retry">): Partial<TaskOptions> => {
  const { concurrency, rate } = taskOptions(options, "step");
  return { ...(concurrency && { concurrency }), ...(rate && { rate }) };
};

export function limitsSuite(open: OpenStore): void {
  describe("concurrency", () => {
    test("lets as many run at once as its limit says, over all agents, in order; what is not limited passes by", async () => {
      const run = await running(open, "r", limited({ concurrency: { limit: 2 } }));
      await using store = run.store;
      await store.queue.join(agentNamed("other"));
      await start(run, "a", "b", "c", "d");
      await run.turn({ kind: "clone", template: run.test, path: "free" });
      expect(pathsOf(await claim(run, 1))).toEqual(["a"]);
      expect(pathsOf(await claim(run, 9, "other"))).toEqual(["b", "free"]);
      expect(await claim(run, 9)).toEqual([]);
      expect((await store.queue.entries("default")).map(({ task, held }) => [task, held])).toEqual([
        ["r/c", true],
        ["r/d", true],
      ]);
    });

    test.each<[string, (run: Running, claims: Claim[]) => Promise<unknown>]>([
      ["completes", ({ store }, [a]) => store.queue.report({ ...of(a!), outcome: "completed" })],
      ["fails", ({ store }, [a]) => store.queue.report({ ...of(a!), outcome: "failed", failure })],
      [
        "is tried again later",
        ({ store }, [a]) => store.queue.report({ ...of(a!), outcome: "retry", failure, notBefore: Date.now() + 1e6 }),
      ],
      ["is aborted", (run) => run.turn({ kind: "abort", task: "r/a", reason: "no" })],
      ["is lost with its agent", ({ store }) => store.queue.rescue(({ id }) => id === "gone", "r")],
    ])("lets the next go on when one %s", async (_, end) => {
      const run = await running(open, "r", limited({ concurrency: { limit: 1 } }));
      await using store = run.store;
      await store.queue.join(agentNamed("gone"));
      await start(run, "a", "b", "c");
      const claims = await claim(run, 1, "gone");
      expect(await claim(run, 9)).toEqual([]);
      const woken = wakes(store);
      await end(run, claims);
      expect(woken()).toBe(true);
      const next = pathsOf(await claim(run, 9));
      // What was lost is the oldest again.
      expect(next).toHaveLength(1);
      expect(await claim(run, 9)).toEqual([]);
    });

    test("counts steps with one key together", async () => {
      const run = await running(open, "r", limited({ concurrency: { limit: 1, key: "database" } }));
      await using store = run.store;
      await start(run, "a");
      const options = limited({ concurrency: { limit: 1, key: "database" } });
      await run.turn({ kind: "clone", template: run.test, path: "t", options });
      const [first] = await claim(run, 9);
      expect(first!.task.path).toBe("a");
      await store.queue.report({ ...of(first!), outcome: "completed" });
      expect(pathsOf(await claim(run, 9))).toEqual(["t"]);
    });

    test("lets another go on where the one whose turn it was is aborted before it began", async () => {
      const run = await running(open, "r", limited({ concurrency: { limit: 1 } }));
      await using store = run.store;
      await start(run, "a", "b", "c");
      const [first] = await claim(run, 1);
      await claim(run, 9);
      await store.queue.report({ ...of(first!), outcome: "completed" });
      await run.turn({ kind: "abort", task: "r/b", reason: "no" });
      expect(pathsOf(await claim(run, 9))).toEqual(["c"]);
    });

    test("is not held up by another run whose agent has died: its task waits again too", async () => {
      const run = await running(open, "r", limited({ concurrency: { limit: 1, key: "k" } }));
      await using store = run.store;
      await store.queue.join(agentNamed("gone"));
      await start(run, "a");
      await claim(run, 1, "gone");
      const { controller, templates } = await store.runs.register(
        pipelineNamed("other", limited({ concurrency: { limit: 1, key: "k" } })),
      );
      await store.runs.start(controller, { id: "s" });
      await store.queue.claim({ agent: run.agent, queues: ["services"], limit: 1 });
      await store.runs.turn("s", 1, [{ kind: "clone", template: templates.get("fit")!, path: "b" }]);
      const ask = async () =>
        (await store.queue.claim({ agent: run.agent, queues: ["default"], limit: 9, run: "s" })).claims;
      expect(await ask()).toEqual([]);
      expect(await store.queue.rescue(({ id }) => id === "gone", "s")).toEqual(["r/a"]);
      expect(pathsOf(await ask())).toEqual(["b"]);
      expect(await store.tasks.get("r/a")).toMatchObject({ status: "queued" });
    });

    test("is not held up by a queue that nobody serves", async () => {
      const run = await running(open, "r", limited({ concurrency: { limit: 1, key: "k" } }));
      await using store = run.store;
      const clone = { kind: "clone", template: run.fit } as const;
      await run.turn(
        { ...clone, path: "a" },
        { ...clone, path: "b", options: { queue: "nobody" } },
        { ...clone, path: "c" },
      );
      const [first] = await claim(run, 1);
      await claim(run, 9);
      await store.queue.claim({ agent: run.agent, queues: ["nobody"], limit: 1 });
      await store.queue.report({ ...of(first!), outcome: "completed" });
      expect(pathsOf(await claim(run, 9))).toEqual(["c"]);
    });

    test("a task that is moved to another queue leaves its turn to the next", async () => {
      const run = await running(open, "r", limited({ concurrency: { limit: 1 } }));
      await using store = run.store;
      await start(run, "a", "b", "c");
      const [first] = await claim(run, 1);
      await claim(run, 9);
      await store.queue.report({ ...of(first!), outcome: "completed" });
      await store.queue.move("r/b", { queue: "elsewhere" });
      expect(pathsOf(await claim(run, 9))).toEqual(["c"]);
    });
  });

  describe("a queue's limit", () => {
    test("lets so many of its tasks run at once, whatever they are; the next goes on when one ends", async () => {
      const run = await running(open, "r", limited({ concurrency: { limit: 3 } }));
      await using store = run.store;
      await store.queue.limit("default", 2);
      await start(run, "a", "b", "c");
      await run.turn(
        { kind: "clone", template: run.test, path: "t" },
        { kind: "clone", template: run.test, path: "elsewhere", options: { queue: "other" } },
      );
      const [first] = await claim(run, 1);
      expect(pathsOf(await claim(run, 9))).toEqual(["b"]);
      expect(await claim(run, 9)).toEqual([]);
      expect((await store.queue.claim({ agent: run.agent, queues: ["other"], limit: 9 })).claims).toHaveLength(1);
      expect((await store.queue.list()).find(({ name }) => name === "default")).toMatchObject({ limit: 2, running: 2 });
      const woken = wakes(store);
      await store.queue.report({ ...of(first!), outcome: "completed" });
      expect(woken()).toBe(true);
      expect(pathsOf(await claim(run, 9))).toEqual(["c"]);
    });

    test("that is raised, or taken away, wakes agents", async () => {
      const run = await running(open, "r");
      await using store = run.store;
      await store.queue.limit("default", 1);
      await start(run, "a", "b", "c");
      expect(await claim(run, 9)).toHaveLength(1);
      const woken = wakes(store);
      await store.queue.limit("default");
      expect(woken()).toBe(true);
      expect(await claim(run, 9)).toHaveLength(2);
    });

    test("counts an aborted and a lost task no more", async () => {
      const run = await running(open, "r");
      await using store = run.store;
      await store.queue.join(agentNamed("gone"));
      await store.queue.limit("default", 1);
      await start(run, "a", "b", "c");
      await claim(run, 1);
      await run.turn({ kind: "abort", task: "r/a", reason: "no" });
      expect(pathsOf(await claim(run, 9, "gone"))).toEqual(["b"]);
      await store.queue.rescue(({ id }) => id === "gone", "r");
      expect(await claim(run, 9)).toHaveLength(1);
    });
  });

  describe("a rate", () => {
    test("lets so many start in any span, and says when the next may", async () => {
      const run = await running(open, "r", limited({ rate: "2/400ms" }));
      await using store = run.store;
      await start(run, "a", "b", "c", "d", "e");
      const began = Date.now();
      expect(pathsOf(await claim(run, 9))).toEqual(["a", "b"]);
      const { dueAt } = await store.queue.claim({ agent: run.agent, queues: ["default"], limit: 0 });
      expect(dueAt).toBeGreaterThanOrEqual(began + 400);
      expect(dueAt).toBeLessThanOrEqual(Date.now() + 400);
      expect(await claim(run, 9)).toEqual([]);
      await setTimeout(dueAt! - Date.now() + 1);
      expect(pathsOf([...(await claim(run, 9)), ...(await claim(run, 9))])).toEqual(["c", "d"]);
    });

    test("counts what has ended too", async () => {
      const run = await running(open, "r", limited({ rate: "1/h" }));
      await using store = run.store;
      await start(run, "a", "b");
      const [first] = await claim(run, 9);
      await store.queue.report({ ...of(first!), outcome: "completed" });
      expect(await claim(run, 9)).toEqual([]);
    });

    test("holds beside a limit", async () => {
      const run = await running(open, "r", limited({ rate: "2/h", concurrency: { limit: 1 } }));
      await using store = run.store;
      await start(run, "a", "b", "c");
      const started: string[] = [];
      for (let turn = 0; turn < 4; turn++)
        for (const each of await claim(run, 9)) {
          started.push(each.task.path!);
          await store.queue.report({ ...of(each), outcome: "completed" });
        }
      expect(started).toEqual(["a", "b"]);
    });
  });

  describe("resources", () => {
    const needs = (resources: Options["resources"]) => ({ resources: taskOptions({ resources }, "step").resources });

    test("are what the agent must have left: what needs less, or nothing, goes before", async () => {
      const run = await running(open, "r", {});
      await using store = run.store;
      const clone = { kind: "clone", template: run.fit } as const;
      await run.turn(
        { ...clone, path: "two", options: needs({ gpu: 2 }) },
        { ...clone, path: "one", options: needs({ gpu: 1, mem: "1G" }) },
        { ...clone, path: "another", options: needs({ gpu: 1 }) },
        { ...clone, path: "none" },
      );
      const ask = async (resources: Amounts, limit = 9) =>
        (await store.queue.claim({ agent: run.agent, queues: ["default"], limit, resources })).claims;
      expect(pathsOf(await ask({ gpu: 1, mem: 2 ** 30 }, 1))).toEqual(["one"]);
      expect(pathsOf(await ask({ gpu: 1, mem: 2 ** 20 }))).toEqual(["another", "none"]);
      expect(await ask({ mem: 2 ** 40 })).toEqual([]);
      expect(pathsOf(await ask({ gpu: 2 }))).toEqual(["two"]);
    });

    test("that no known agent of the queue has are told at once", async () => {
      const run = await running(open, "r", {});
      await using store = run.store;
      await store.queue.join({ ...agentNamed("large"), queues: ["default"], resources: { gpu: 4 } });
      await store.queue.join({ ...agentNamed("elsewhere"), queues: ["other"], resources: { gpu: 8 } });
      const clone = { kind: "clone", template: run.fit } as const;
      await run.turn(
        { ...clone, path: "fits", options: needs({ gpu: 4 }) },
        { ...clone, path: "a", options: needs({ gpu: 8 }) },
      );
      const told = (await store.events.read("r", 0)).filter(({ kind }) => kind === "unserved");
      expect(told).toMatchObject([{ task: "r/a", queue: "default", resources: { gpu: 8 } }]);
    });
  });

  test("what is held and never starts leaves nothing behind when its run is aborted", async () => {
    const run = await running(open, "r", limited({ concurrency: { limit: 1 } }));
    await using store = run.store;
    await start(run, "a", "b", "c");
    await claim(run, 1);
    await claim(run, 9);
    await store.runs.abort("r", "enough");
    expect(await store.queue.entries("default")).toEqual([]);
    expect((await store.tasks.list({ run: "r" })).map(({ status }) => status)).toEqual(Array(4).fill("aborted"));
  });
}

const failure = { name: "Error", message: "no" };

const start = ({ turn, fit }: Running, ...paths: string[]) =>
  turn(...paths.map((path) => ({ kind: "clone" as const, template: fit, path })));

const agents = new WeakMap<Claim, string>();

async function claim({ store, agent: own }: Running, limit: number, agent = own): Promise<Claim[]> {
  const { claims } = await store.queue.claim({ agent, queues: ["default"], limit });
  for (const each of claims) agents.set(each, agent);
  return claims;
}

const of = (claim: Claim) => ({ task: claim.task.id, attempt: claim.attempt, agent: agents.get(claim)! });
const pathsOf = (claims: Claim[]) => claims.map(({ task }) => task.path);

function wakes(store: Store): () => boolean {
  let ready = false;
  const stop = store.queue.watch("watcher", {
    ready: () => {
      ready = true;
    },
    revoked: () => {},
  });
  return () => {
    stop();
    return ready;
  };
}
