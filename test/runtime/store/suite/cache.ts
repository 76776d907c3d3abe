import { describe, expect, test } from "vitest";
import { cacheKey } from "../../../../src/model/cache.ts";
import { hashOf } from "../../../../src/model/hash.ts";
import { type TaskOptions, taskOptions } from "../../../../src/model/options.ts";
import type { Command, Store } from "../../../../src/runtime/ports.ts";
import { agentNamed, claimOne, type OpenStore, pipelineNamed, type Running, running } from "./fixtures.ts";

const cached = (cache: Parameters<typeof taskOptions>[0]["cache"] = true) =>
  ({ cache: taskOptions({ cache }, "step").cache }) as Partial<TaskOptions>;

export function cacheSuite(open: OpenStore): void {
  describe("a clone that may be taken from the cache", () => {
    test("runs where nothing was kept, and says so", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      expect(await store.tasks.get("r/a")).toMatchObject({ status: "queued" });
      expect(await store.cache.why("r/a")).toEqual({ outcome: "miss", reason: "first" });
      expect(await kinds(store, "r/a")).toEqual(["created", "cache", "queued"]);
    });

    test("is completed in the turn that makes it, with the output of the one before", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      await complete(run, '["made"]');
      await run.turn(cloneOf(run, "b"));
      const task = await store.tasks.get("r/b");
      expect(task).toMatchObject({ status: "completed", output: { text: '["made"]' }, attempt: 1 });
      expect(task).not.toHaveProperty("queuedAt");
      expect(await store.cache.why("r/b")).toEqual({ outcome: "hit", from: "r/a" });
      expect(await kinds(store, "r/b")).toEqual(["created", "cache", "completed"]);
      const events = await store.events.read("r", 0);
      expect(events.at(-1)).toMatchObject({ kind: "completed", task: "r/b", output: { text: '["made"]' } });
      expect((await store.queue.claim({ agent: run.agent, queues: ["default"], limit: 9 })).claims).toEqual([]);
    });

    test("has what the earlier one made and measured in its last attempt, before it is completed; so has the pipeline what it monitors", async () => {
      const monitor = { metrics: [["loss/*", "best/*"] as const], artifacts: ["model"] };
      const run = await running(open, "r", { ...cached(), monitor });
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      const { attempt } = await claimOne(store, run.agent, "default");
      const points = [1, 2, 3].map((iteration) => ({ iteration, value: 1 / iteration, at: iteration }));
      const series = { task: "r/a", attempt, title: "loss", series: "train" };
      await store.metrics.append(points.slice(0, 2).map((point) => ({ ...series, ...point })));
      await store.metrics.append(points.slice(2).map((point) => ({ ...series, ...point })));
      const kept = { name: "model", kind: "text", type: "text/plain", role: "output", bytes: 1, createdAt: 5 } as const;
      await store.artifacts.put({ task: "r/a", attempt, ...kept, hash: await store.blobs.put("m") });
      const plot = { kind: "plot", title: "curve", iteration: 0, content: "{}", at: 4 } as const;
      await store.figures.put([{ task: "r/a", attempt, ...plot }]);
      await store.queue.report({ task: "r/a", attempt, agent: run.agent, outcome: "completed" });
      await run.turn(cloneOf(run, "b"));
      expect(await store.metrics.read("r/b", "loss", "train")).toEqual(
        points.map((point) => ({ ...series, task: "r/b", attempt: 1, ...point })),
      );
      const summaryOf = async (task: string) =>
        (await store.metrics.summaries(task)).map(({ task: _, ...rest }) => rest);
      expect(await summaryOf("r/b")).toEqual(await summaryOf("r/a"));
      expect(await store.artifacts.list("r/b")).toMatchObject([{ task: "r/b", ...kept, attempt: 1 }]);
      expect(await store.figures.list("r/b")).toEqual([{ task: "r/b", attempt: 1, ...plot }]);
      expect(await kinds(store, "r/b")).toEqual(["created", "cache", "artifact", "scalar", "completed"]);
      expect(await store.metrics.summaries("r")).toMatchObject([{ title: "best", series: "train", last: 1 / 3 }]);
      expect(await store.artifacts.list("r")).toMatchObject([{ name: "model" }]);
    });

    test("whose step returned nothing is completed without an output", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      await complete(run);
      await run.turn(cloneOf(run, "b"));
      expect(await store.tasks.get("r/b")).toMatchObject({ status: "completed" });
      expect(await store.tasks.get("r/b")).not.toHaveProperty("output");
    });

    test("again, as a resumed controller asks, is left as it is", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      await complete(run);
      await run.turn(cloneOf(run, "b"));
      const before = await store.events.latest();
      await run.turn(cloneOf(run, "a"), cloneOf(run, "b"));
      expect(await store.events.latest()).toBe(before);
    });

    test("takes the newest that completed, also of another run, and never one that failed or still runs", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      const other = await anotherRun(run, "s");
      await run.turn(cloneOf(run, "a"));
      await other.turn(cloneOf(run, "a"));
      await complete(run, "[1]");
      await complete(run, "[2]");
      await run.turn(refreshed(cloneOf(run, "failed")), refreshed(cloneOf(run, "runs")));
      const failed = await claimOne(store, run.agent, "default");
      await claimOne(store, run.agent, "default");
      const failure = { name: "Error", message: "no" };
      await store.queue.report({ task: failed.task.id, attempt: 1, agent: run.agent, outcome: "failed", failure });
      await run.turn(cloneOf(run, "b"));
      expect(await store.cache.why("r/b")).toEqual({ outcome: "hit", from: "s/a" });
      expect(await store.tasks.get("r/b")).toMatchObject({ output: { text: "[2]" } });
    });

    test("names what it was taken from, not what that was taken from", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      await complete(run);
      await run.turn(cloneOf(run, "b"));
      await run.turn(cloneOf(run, "c"));
      expect(await store.cache.why("r/c")).toEqual({ outcome: "hit", from: "r/a" });
    });

    test("never takes an archived one", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      await complete(run);
      await store.tasks.archive("r/a", true);
      await run.turn(cloneOf(run, "b"));
      expect(await store.cache.why("r/b")).toEqual({ outcome: "miss", reason: "first" });
      await store.tasks.archive("r/a", false);
      await run.turn(cloneOf(run, "c"));
      expect(await store.cache.why("r/c")).toEqual({ outcome: "hit", from: "r/a" });
    });

    test("says which parts differ from the nearest earlier one", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      await complete(run);
      await run.turn(cloneOf(run, "b", { text: "[2]" }));
      expect(await store.cache.why("r/b")).toEqual({
        outcome: "miss",
        reason: "changed",
        nearest: "r/a",
        differs: ["input"],
      });
      expect(await store.tasks.get("r/b")).toMatchObject({ status: "queued" });
    });

    test("runs where the run refreshes, and is what later ones take", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      await complete(run, "[1]");
      await run.turn(refreshed(cloneOf(run, "b")));
      expect(await store.cache.why("r/b")).toEqual({ outcome: "miss", reason: "refresh" });
      await complete(run, "[2]");
      await run.turn(cloneOf(run, "c"));
      expect(await store.cache.why("r/c")).toEqual({ outcome: "hit", from: "r/b" });
    });

    test("runs where the earlier one is older than the ttl", async () => {
      const run = await running(open, "r", cached({ ttl: 0 }));
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      await complete(run);
      const { endedAt } = (await store.tasks.get("r/a"))!;
      while (Date.now() === endedAt) await new Promise(setImmediate);
      await run.turn(cloneOf(run, "b"));
      expect(await store.cache.why("r/b")).toEqual({ outcome: "miss", reason: "expired", nearest: "r/a" });
    });

    test("of the scope project takes only what is of the same project", async () => {
      const run = await running(open, "r", cached({ scope: "project" }));
      await using store = run.store;
      await run.turn(cloneOf(run, "a"), { ...cloneOf(run, "elsewhere"), options: { project: "vision" } });
      await complete(run, "[1]");
      await complete(run, "[2]");
      await run.turn(cloneOf(run, "b"), { ...cloneOf(run, "c"), options: { project: "vision" } });
      await run.turn({ ...cloneOf(run, "d"), options: { project: "speech" } });
      expect(await store.cache.why("r/b")).toEqual({ outcome: "hit", from: "r/a" });
      expect(await store.cache.why("r/c")).toEqual({ outcome: "hit", from: "r/elsewhere" });
      expect(await store.cache.why("r/d")).toEqual({ outcome: "miss", reason: "first" });
    });

    test("twice in one turn runs twice: each was made before the other had ended", async () => {
      const run = await running(open, "r", cached());
      await using store = run.store;
      await run.turn(cloneOf(run, "a"), cloneOf(run, "b"));
      expect((await store.queue.claim({ agent: run.agent, queues: ["default"], limit: 9 })).claims).toHaveLength(2);
    });

    test("without the option is a clone like any other", async () => {
      const run = await running(open);
      await using store = run.store;
      await run.turn(cloneOf(run, "a"));
      expect(await store.tasks.get("run/a")).toMatchObject({ status: "queued" });
      expect(await store.cache.why("run/a")).toBeUndefined();
    });
  });
}

type Clone = Command & { kind: "clone" };

function cloneOf({ fit: template }: Running, path: string, input = { text: "[1]" }): Clone {
  const step = { bundle: hashOf("bundle"), export: "fit", options: taskOptions({ cache: true }, "step") };
  return { kind: "clone", template, path, input, cache: cacheKey(step, input.text, "node 24") };
}

const refreshed = (clone: Clone): Clone => ({ ...clone, cache: { ...clone.cache!, refresh: true } });

async function complete({ store, agent }: Running, output?: string): Promise<void> {
  const { task, attempt } = await claimOne(store, agent, "default");
  const made = output === undefined ? {} : { output: { text: output } };
  await store.queue.report({ task: task.id, attempt, agent, outcome: "completed", ...made });
}

async function anotherRun({ store }: Running, id: string): Promise<Pick<Running, "turn">> {
  const { controller } = await store.runs.register(pipelineNamed("rerun", cached()));
  const agent = `agent-of-${id}`;
  await store.queue.join(agentNamed(agent));
  await store.runs.start(controller, { id, params: { text: "[1]" } });
  await claimOne(store, agent, "services");
  return { turn: (...commands) => store.runs.turn(id, 1, commands) };
}

async function kinds(store: Store, task: string): Promise<string[]> {
  const events = await store.events.read(task.split("/", 1)[0]!, 0);
  return events.filter((event) => event.task === task).map(({ kind }) => kind);
}
