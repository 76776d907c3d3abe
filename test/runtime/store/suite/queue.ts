import { describe, expect, test } from "vitest";
import type { Store } from "../../../../src/runtime/ports.ts";
import { ConflictError, LostLeaseError } from "../../../../src/runtime/ports.ts";
import { agentNamed, claimOne, followUntil, type OpenStore, pipelineNamed, running } from "./fixtures.ts";

const failure = { name: "RangeError", message: "too deep", at: "pipeline.ts:3:1" };

export function queueSuite(open: OpenStore): void {
  test("the roster is told at once, and again when agents come and go, and not when they renew their leases", async () => {
    const { store, agent } = await running(open);
    await using _ = store;
    const told: string[][] = [];
    const changed = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const stop = store.queue.roster({
      hear(agents) {
        changed[told.push(agents.map(({ id }) => id)) - 1]?.resolve();
      },
      fail: (error) => changed[0]!.reject(error),
    });
    await changed[0]!.promise;
    await store.queue.renew(agent, 5);
    await store.queue.join(agentNamed("other"));
    await changed[1]!.promise;
    await store.queue.leave(agent);
    await changed[2]!.promise;
    stop();
    expect(told).toEqual([[agent], [agent, "other"], ["other"]]);
  });

  describe("claiming", () => {
    test("makes the task the first running attempt of the agent", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "fit", input: { text: "[1]" } });
      const claim = await claimOne(store, agent, "default");
      expect(claim).toMatchObject({
        attempt: 1,
        earlier: { failures: 0, timedOut: 0, lost: 0 },
        task: { id: "run/fit", status: "running", attempt: 1, input: { text: "[1]" } },
      });
      expect(await store.tasks.get("run/fit")).toEqual(claim.task);
      expect(await store.tasks.attempts("run/fit")).toEqual([
        { task: "run/fit", number: 1, agent, outcome: "running", startedAt: claim.task.startedAt },
      ]);
      expect((await store.events.read("run", 0)).at(-1)).toMatchObject({
        task: "run/fit",
        kind: "running",
        attempt: 1,
        agent,
      });
    });

    test("goes by the order of the queues, then priority, then age", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      const clone = (path: string, options = {}) => ({ kind: "clone" as const, template: fit, path, options });
      await turn(
        clone("old"),
        clone("young"),
        clone("urgent", { priority: 1 }),
        clone("later", { priority: -1 }),
        clone("gpu", { queue: "gpu" }),
      );
      const { claims } = await store.queue.claim({ agent, queues: ["gpu", "default"], limit: 9 });
      expect(claims.map((claim) => claim.task.path)).toEqual(["gpu", "urgent", "old", "young", "later"]);
    });

    test("takes no more than the limit, and nothing twice", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      await turn(...["a", "b", "c"].map((path) => ({ kind: "clone" as const, template: fit, path })));
      const claim = async (limit: number) => (await store.queue.claim({ agent, queues: ["default"], limit })).claims;
      const claims = await Promise.all([claim(2), claim(2), claim(2)]);
      expect(claims.map((batch) => batch.map((claim) => claim.task.path))).toEqual([["a", "b"], ["c"], []]);
      expect(await claim(0)).toEqual([]);
    });

    test("with a run takes only that run's tasks, its controller among them", async () => {
      const { store, agent } = await running(open);
      await using _ = store;
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      await store.runs.start(controller, { id: "first" });
      await store.runs.start(controller, { id: "second" });
      const { claims } = await store.queue.claim({ agent, queues: ["services"], limit: 9, run: "second" });
      expect(claims.map((claim) => claim.task.id)).toEqual(["second"]);
    });

    test("is refused to an agent that has not joined", async () => {
      const { store } = await running(open);
      await using _ = store;
      await expect(store.queue.claim({ agent: "stranger", queues: ["default"], limit: 1 })).rejects.toThrow(
        ConflictError,
      );
    });
  });

  describe("reporting", () => {
    const started = async () => {
      const all = await running(open);
      await all.turn({ kind: "clone", template: all.fit, path: "fit" });
      await claimOne(all.store, all.agent, "default");
      return { ...all, attempt: { task: "run/fit", attempt: 1, agent: all.agent } };
    };

    test("a completion keeps the output, inline or as a blob", async () => {
      const { store, attempt, fit, turn, agent } = await started();
      await using _ = store;
      expect(await store.queue.report({ ...attempt, outcome: "completed", output: { text: "[2]" } })).toBe(true);
      const task = (await store.tasks.get("run/fit"))!;
      expect(task).toMatchObject({ status: "completed", output: { text: "[2]" } });
      expect(task.endedAt).toBeGreaterThanOrEqual(task.startedAt!);
      expect((await store.tasks.attempts("run/fit"))[0]).toMatchObject({ outcome: "completed", endedAt: task.endedAt });
      expect((await store.events.read("run", 0)).at(-1)).toMatchObject({
        kind: "completed",
        attempt: 1,
        output: { text: "[2]" },
      });

      await turn({ kind: "clone", template: fit, path: "large" });
      await claimOne(store, agent, "default");
      const blob = { blob: await store.blobs.put("large"), bytes: 5 };
      await store.queue.report({ task: "run/large", attempt: 1, agent, outcome: "completed", output: blob });
      expect((await store.tasks.get("run/large"))!.output).toEqual(blob);
      expect((await store.events.read("run", 0)).at(-1)).toMatchObject({ kind: "completed", output: blob });
    });

    test("a failure is kept on task, attempt and event alike", async () => {
      const { store, attempt } = await started();
      await using _ = store;
      expect(await store.queue.report({ ...attempt, outcome: "failed", failure })).toBe(true);
      expect(await store.tasks.get("run/fit")).toMatchObject({ status: "failed", failure });
      expect((await store.tasks.attempts("run/fit"))[0]).toMatchObject({ outcome: "failed", failure });
      expect((await store.events.read("run", 0)).at(-1)).toMatchObject({ kind: "failed", attempt: 1, failure });
    });

    test("an abort keeps its reason, and is not revoked from the agent that reports it", async () => {
      const { store, attempt, agent } = await started();
      await using _ = store;
      const revoked: string[] = [];
      store.queue.watch(agent, { ready() {}, revoked: (task) => revoked.push(task) });
      expect(await store.queue.report({ ...attempt, outcome: "aborted", reason: "time limit of the run" })).toBe(true);
      expect((await store.tasks.get("run/fit"))!.failure).toEqual({
        name: "AbortedError",
        message: "time limit of the run",
      });
      expect(revoked).toEqual([]);
    });

    test("a retry queues the task again; the next attempt knows of the failures before it", async () => {
      const { store, attempt, agent } = await started();
      await using _ = store;
      const past = Date.now() - 1_000;
      expect(await store.queue.report({ ...attempt, outcome: "retry", failure, notBefore: past })).toBe(true);
      const queued = (await store.tasks.get("run/fit"))!;
      expect(queued).toMatchObject({ status: "queued", attempt: 1 });
      expect(queued).not.toHaveProperty("failure");
      expect((await store.events.read("run", 0)).at(-1)).toMatchObject({
        kind: "retrying",
        attempt: 1,
        failure,
        notBefore: past,
      });
      expect(await claimOne(store, agent, "default")).toMatchObject({ attempt: 2, earlier: { failures: 1 } });
      await store.queue.report({ ...attempt, attempt: 2, outcome: "completed" });
      expect((await store.tasks.attempts("run/fit")).map((made) => made.outcome)).toEqual(["failed", "completed"]);
    });

    test("a retry with a delay is not due before its time", async () => {
      const { store, attempt, agent } = await started();
      await using _ = store;
      const soon = Date.now() + 60_000;
      const claim = (request: { queues: string[]; run?: string }) => store.queue.claim({ agent, limit: 1, ...request });
      expect(await claim({ queues: ["default"] })).toEqual({ claims: [] });
      await store.queue.report({ ...attempt, outcome: "retry", failure, notBefore: soon });
      expect(await claim({ queues: ["gpu", "default"] })).toEqual({ claims: [], dueAt: soon });
      expect(await claim({ queues: ["default"], run: "run" })).toEqual({ claims: [], dueAt: soon });
      expect(await claim({ queues: ["default"], run: "other" })).toEqual({ claims: [] });
      expect(await claim({ queues: ["gpu"] })).toEqual({ claims: [] });
    });

    test("a retry that is due and may not be claimed is not told as one that will be", async () => {
      const { store, attempt, agent } = await started();
      await using _ = store;
      await store.queue.pause("default", true);
      const notBefore = Date.now() + 20;
      await store.queue.report({ ...attempt, outcome: "retry", failure, notBefore });
      await expect.poll(() => Date.now()).toBeGreaterThan(notBefore);
      const claim = () => store.queue.claim({ agent, queues: ["default"], limit: 1 });
      expect(await claim()).toEqual({ claims: [] });
      await store.queue.pause("default", false);
      expect((await claim()).claims).toMatchObject([{ attempt: 2 }]);
    });

    test("of any other than the running attempt changes nothing", async () => {
      const { store, attempt } = await started();
      await using _ = store;
      const before = await store.events.read("run", 0);
      const given = { ...attempt, outcome: "completed" as const };
      expect(await store.queue.report({ ...given, attempt: 2 })).toBe(false);
      expect(await store.queue.report({ ...given, agent: "other" })).toBe(false);
      expect(await store.queue.report({ ...given, task: "run/nothing" })).toBe(false);
      expect(await store.events.read("run", 0)).toEqual(before);
      expect(await store.queue.report(given)).toBe(true);
      expect(await store.queue.report({ ...attempt, outcome: "failed", failure })).toBe(false);
      expect((await store.tasks.get("run/fit"))!.status).toBe("completed");
    });
  });

  describe("agents", () => {
    test("join, renew their lease, and leave", async () => {
      await using store = await open();
      const agent = agentNamed("a");
      await store.queue.join(agent);
      await store.queue.join({ ...agent, slots: 2 });
      await store.queue.renew("a", 500);
      expect(await store.queue.agents()).toEqual([{ ...agent, slots: 2, leaseUntil: 500 }]);
      await store.queue.leave("a");
      expect(await store.queue.agents()).toEqual([]);
      await expect(store.queue.renew("a", 900)).rejects.toThrow(LostLeaseError);
    });

    test("that are gone lose their tasks, which are queued again as new attempts", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      await store.queue.join(agentNamed("other"));
      await turn({ kind: "clone", template: fit, path: "a" }, { kind: "clone", template: fit, path: "b" });
      await claimOne(store, agent, "default");
      await claimOne(store, "other", "default");
      expect(await store.queue.rescue((known) => known.id === agent)).toEqual(["run", "run/a"]);
      expect((await store.tasks.list({ run: "run" })).map((task) => task.status)).toEqual([
        "queued",
        "queued",
        "running",
      ]);
      expect((await store.tasks.attempts("run/a"))[0]).toMatchObject({
        outcome: "lost",
        failure: { name: "LostError" },
      });
      expect((await store.events.read("run", 0)).at(-1)).toMatchObject({
        task: "run/a",
        kind: "retrying",
        failure: { name: "LostError" },
      });
      expect((await store.queue.agents()).map((known) => known.id)).toEqual(["other"]);

      expect(await store.queue.report({ task: "run/a", attempt: 1, agent, outcome: "completed" })).toBe(false);
      expect(await claimOne(store, "other", "default")).toMatchObject({
        task: { id: "run/a" },
        attempt: 2,
        earlier: { failures: 0, lost: 1 },
      });
    });

    test("that left with tasks running have lost them too", async () => {
      const { store, agent } = await running(open);
      await using _ = store;
      await store.queue.leave(agent);
      expect(await store.queue.rescue(() => false)).toEqual(["run"]);
      expect(await store.queue.rescue(() => false)).toEqual([]);
    });

    test("a step that is lost more often than it may be has failed, and its late report is refused", async () => {
      const retry = { limit: 5, delayMs: 0, factor: 2, maxDelayMs: 0, lost: 1 };
      const { store, turn, fit } = await running(open, "run", { retry });
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "a" });
      for (const id of ["first", "second"]) {
        await store.queue.join(agentNamed(id));
        await claimOne(store, id, "default");
        expect(await store.queue.rescue((known) => known.id === id)).toEqual(["run/a"]);
      }
      expect(await store.tasks.get("run/a")).toMatchObject({
        status: "failed",
        attempt: 2,
        failure: { name: "LostError" },
      });
      expect((await store.tasks.attempts("run/a")).map(({ outcome }) => outcome)).toEqual(["lost", "lost"]);
      const late = { task: "run/a", attempt: 2, agent: "second", outcome: "completed" } as const;
      expect(await store.queue.report(late)).toBe(false);
    });

    test("are rescued from for one run alone where one is named", async () => {
      const { store, agent } = await running(open);
      await using _ = store;
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      await store.runs.start(controller, { id: "other" });
      await claimOne(store, agent, "services");
      expect(await store.queue.rescue(() => true, "other")).toEqual(["other"]);
      expect((await store.tasks.get("run"))!.status).toBe("running");
      expect(await store.queue.rescue(() => true)).toEqual(["run"]);
    });
  });

  describe("watching", () => {
    const watched = (store: Store, agent: string) => {
      const calls: unknown[] = [];
      const stop = store.queue.watch(agent, {
        ready: () => calls.push("ready"),
        revoked: (...what) => calls.push(what),
      });
      return { calls, stop };
    };

    test("says when there may be something to claim, until stopped", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      const { calls, stop } = watched(store, agent);
      await turn({ kind: "clone", template: fit, path: "a" });
      expect(calls).toEqual(["ready"]);
      await claimOne(store, agent, "default");
      expect(calls).toEqual(["ready"]);
      await store.queue.report({ task: "run/a", attempt: 1, agent, outcome: "retry", failure });
      expect(calls).toEqual(["ready", "ready"]);
      stop();
      await turn({ kind: "clone", template: fit, path: "b" });
      expect(calls).toEqual(["ready", "ready"]);
    });

    test("tells an agent, and no other, which of its tasks are not its own any more", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      await store.queue.join(agentNamed("other"));
      await turn({ kind: "clone", template: fit, path: "a" }, { kind: "clone", template: fit, path: "b" });
      await claimOne(store, "other", "default");
      const [mine, others] = [watched(store, agent), watched(store, "other")];
      await turn(
        { kind: "abort", task: "run/b", reason: "queued only" },
        { kind: "abort", task: "run/a", reason: "x" },
      );
      expect(others.calls).toEqual([["run/a", 1]]);
      await store.queue.rescue((known) => known.id === agent);
      expect(mine.calls).toEqual(["ready", ["run", 1]]);
    });
  });

  test("a run that is followed while it is claimed and reported is seen whole", async () => {
    const { store, fit, turn, agent } = await running(open);
    await using _ = store;
    const seen = followUntil(store, "run", 0, (events) => events.at(-1)!.kind === "completed");
    await turn({ kind: "clone", template: fit, path: "fit" });
    const claim = await claimOne(store, agent, "default");
    await store.queue.report({ task: claim.task.id, attempt: 1, agent, outcome: "completed" });
    expect((await seen).map((event) => event.kind)).toEqual([
      "created",
      "queued",
      "running",
      "created",
      "queued",
      "running",
      "completed",
    ]);
  });
}
