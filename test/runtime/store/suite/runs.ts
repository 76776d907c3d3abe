import { describe, expect, test } from "vitest";
import { bundleHash } from "../../../../src/model/bundle.ts";
import { hashOf } from "../../../../src/model/hash.ts";
import { print } from "../../../../src/model/print-pipeline.ts";
import { ConflictError, LostLeaseError } from "../../../../src/runtime/ports.ts";
import { agentNamed, bundle, claimOne, type OpenStore, pipelineNamed, running } from "./fixtures.ts";

export function runsSuite(open: OpenStore): void {
  describe("registering a pipeline", () => {
    test("gives a draft controller and a draft task for each template", async () => {
      await using store = await open();
      const pipeline = pipelineNamed("rerun");
      const { pipeline: hash, controller, templates } = await store.runs.register(pipeline);
      expect(await store.tasks.get(controller)).toMatchObject({
        id: controller,
        name: "rerun",
        status: "draft",
        template: true,
        attempt: 0,
        options: { type: "controller", queue: "services" },
        code: { kind: "controller", pipeline: hash },
      });
      expect([...templates.keys()]).toEqual(["fit", "test"]);
      expect(await store.tasks.get(templates.get("fit")!)).toMatchObject({
        name: "fit",
        status: "draft",
        template: true,
        code: { kind: "code", bundle: bundleHash(bundle), export: "fit" },
      });
    });

    test("keeps the pipeline and its bundles, each by its own hash", async () => {
      await using store = await open();
      const pipeline = pipelineNamed("rerun");
      const { pipeline: hash } = await store.runs.register(pipeline);
      expect(hash).toBe(hashOf(print(pipeline)));
      expect(await store.runs.pipeline(hash)).toEqual(pipeline);
      expect(await store.runs.bundle(bundleHash(bundle))).toEqual(bundle);
    });

    test("twice, also at the same time, gives the same tasks", async () => {
      await using store = await open();
      const [first, second] = await Promise.all([
        store.runs.register(pipelineNamed("a")),
        store.runs.register(pipelineNamed("a")),
      ]);
      expect(second).toEqual(first);
      expect(await store.runs.register(pipelineNamed("a"))).toEqual(first);
      expect(await store.tasks.list({ templates: true })).toHaveLength(3);
    });

    test("gives another pipeline other tasks, though they share a bundle", async () => {
      await using store = await open();
      const a = await store.runs.register(pipelineNamed("a"));
      const b = await store.runs.register(pipelineNamed("b"));
      expect(b.controller).not.toBe(a.controller);
      expect(b.templates.get("fit")).not.toBe(a.templates.get("fit"));
    });

    test("names the hash of a pipeline or bundle that is not there", async () => {
      await using store = await open();
      const missing = hashOf("missing");
      await expect(store.runs.pipeline(missing)).rejects.toThrow(missing);
      await expect(store.runs.bundle(missing)).rejects.toThrow(missing);
    });
  });

  describe("starting a run", () => {
    test("clones the draft controller and queues the clone", async () => {
      await using store = await open();
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      const { task, created } = await store.runs.start(controller, { id: "mine", params: { text: "[1]" } });
      expect(created).toBe(true);
      expect(task).toMatchObject({
        id: "mine",
        run: "mine",
        name: "rerun",
        parent: controller,
        status: "queued",
        template: false,
      });
      expect(task.input).toEqual({ text: "[1]" });
      expect(task).not.toHaveProperty("path");
      expect(await store.tasks.get("mine")).toEqual(task);
      expect((await store.events.read("mine", 0)).map((event) => event.kind)).toEqual(["created", "queued"]);
    });

    test("again with the same params joins it", async () => {
      await using store = await open();
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      const first = await store.runs.start(controller, { id: "mine", params: { text: "[1]" } });
      const again = await store.runs.start(controller, { id: "mine", params: { text: "[1]" } });
      expect(again).toEqual({ task: first.task, created: false });
      expect(await store.events.read("mine", 0)).toHaveLength(2);
    });

    test("again with other params, or of another pipeline, is refused", async () => {
      await using store = await open();
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      const other = await store.runs.register(pipelineNamed("other"));
      await store.runs.start(controller, { id: "mine", params: { text: "[1]" } });
      const refused = (id: string, params?: { text: string }) =>
        store.runs.start(id, { id: "mine", ...(params && { params }) });
      await expect(refused(controller, { text: "[2]" })).rejects.toThrow(ConflictError);
      await expect(refused(controller, { text: "[2]" })).rejects.toThrow(/"mine" exists with other params/);
      await expect(refused(controller)).rejects.toThrow(/other params/);
      await expect(refused(other.controller, { text: "[1]" })).rejects.toThrow(/another pipeline/);
      expect((await store.tasks.get("mine"))!.input).toEqual({ text: "[1]" });
    });

    test("under an id that could not name its tasks is refused", async () => {
      await using store = await open();
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      await expect(store.runs.start(controller, { id: "a/b" })).rejects.toThrow(/"a\/b" cannot name a run/);
      await expect(store.runs.start(controller, { id: "" })).rejects.toThrow(ConflictError);
      await expect(store.runs.start("nobody", { id: "a" })).rejects.toThrow(/no task "nobody"/);
      expect(await store.tasks.list({})).toEqual([]);
    });

    test("with a queue puts it there instead", async () => {
      await using store = await open();
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      await store.queue.join(agentNamed("a"));
      await store.runs.start(controller, { id: "mine", queue: "night" });
      expect((await store.queue.claim({ agent: "a", queues: ["services"], limit: 1 })).claims).toEqual([]);
      expect((await claimOne(store, "a", "night")).task).toMatchObject({
        id: "mine",
        options: { type: "controller", queue: "night" },
      });
    });
  });

  describe("a turn", () => {
    test("clones templates into queued tasks named by run and path", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "loop1[2]/fit", input: { text: "[3]" } });
      expect(await store.tasks.get("run/loop1[2]/fit")).toMatchObject({
        run: "run",
        path: "loop1[2]/fit",
        parent: fit,
        name: "fit",
        status: "queued",
        input: { text: "[3]" },
        template: false,
      });
    });

    test("overrides the template's options for one clone and no other", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      await turn(
        { kind: "clone", template: fit, path: "a", options: { queue: "gpu", priority: 3 } },
        { kind: "clone", template: fit, path: "b" },
      );
      expect((await claimOne(store, agent, "gpu")).task.options).toEqual({
        type: "training",
        queue: "gpu",
        priority: 3,
      });
      expect((await claimOne(store, agent, "default")).task.options).toEqual({ type: "training", queue: "default" });
    });

    test("leaves a clone that exists as it is", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "fit", input: { text: "[1]" } });
      const before = await store.events.read("run", 0);
      await turn({ kind: "clone", template: fit, path: "fit", input: { text: "[2]" } });
      expect(await store.events.read("run", 0)).toEqual(before);
      expect((await store.tasks.get("run/fit"))!.input).toEqual({ text: "[1]" });
    });

    test("is refused whole unless it is of the controller's running attempt", async () => {
      const { store, fit, run } = await running(open);
      await using _ = store;
      const clone = { kind: "clone" as const, template: fit, path: "fit" };
      await expect(store.runs.turn(run, 2, [clone])).rejects.toThrow(LostLeaseError);
      await expect(store.runs.turn("nobody", 1, [clone])).rejects.toThrow(LostLeaseError);
      await store.runs.abort(run, "enough");
      await expect(store.runs.turn(run, 1, [clone])).rejects.toThrow(LostLeaseError);
      expect(await store.tasks.get("run/fit")).toBeUndefined();
    });

    test("that is refused half way leaves nothing, and its neighbours of the same tick are written", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      const before = await store.events.read("run", 0);
      const [first, refused, last] = await Promise.allSettled([
        turn({ kind: "clone", template: fit, path: "first" }),
        turn({ kind: "clone", template: fit, path: "half" }, { kind: "clone", template: "nobody", path: "other" }),
        turn({ kind: "clone", template: fit, path: "last" }),
      ]);
      expect([first.status, refused.status, last.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(ConflictError);
      expect((await store.tasks.list({ run: "run" })).map((task) => task.id)).toEqual(["run", "run/first", "run/last"]);
      expect((await store.events.read("run", 0)).slice(before.length).map((event) => [event.task, event.kind])).toEqual(
        [
          ["run/first", "created"],
          ["run/first", "queued"],
          ["run/last", "created"],
          ["run/last", "queued"],
        ],
      );
    });

    test("aborts queued and running tasks of its run, and no ended one", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      const clone = (path: string) => ({ kind: "clone" as const, template: fit, path });
      await turn(clone("done"), clone("running"), clone("queued"));
      const done = await claimOne(store, agent, "default");
      await store.queue.report({ task: done.task.id, attempt: 1, agent, outcome: "completed" });
      await claimOne(store, agent, "default");
      const abort = (path: string) => ({ kind: "abort" as const, task: `run/${path}`, reason: "not needed" });
      await turn(abort("done"), abort("running"), abort("queued"));
      const [, ...tasks] = await store.tasks.list({ run: "run" });
      expect(tasks.map((task) => task.status)).toEqual(["completed", "aborted", "aborted"]);
      expect(tasks[2]!.failure).toEqual({ name: "AbortedError", message: "not needed" });
      expect((await store.tasks.attempts("run/running"))[0]).toMatchObject({ outcome: "aborted" });
      expect((await store.queue.claim({ agent, queues: ["default"], limit: 9 })).claims).toEqual([]);
    });

    test("cannot abort a task of another run", async () => {
      const { store, turn } = await running(open);
      await using _ = store;
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      await store.runs.start(controller, { id: "other" });
      await expect(turn({ kind: "abort", task: "other", reason: "no" })).rejects.toThrow(/not of the run "run"/);
      expect((await store.tasks.get("other"))!.status).toBe("queued");
    });
  });

  describe("a decision", () => {
    const decided = { path: "loop1[1]", of: "loop", outcome: 1, explanation: 'mode "a" → iteration 1' } as const;

    test("becomes an event of the run, in the order of the turn", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await turn({ kind: "decision", ...decided }, { kind: "clone", template: fit, path: "loop1[1]/fit" });
      const events = (await store.events.read("run", 0)).slice(3);
      expect(events.map(({ kind }) => kind)).toEqual(["decision", "created", "queued"]);
      expect(events[0]).toMatchObject({ run: "run", task: "run", kind: "decision", ...decided });
      expect(await store.events.read("run", 0, 9, "tree", ["decision"])).toEqual([events[0]]);
    });

    test("of a controller that lost its lease is refused", async () => {
      const { store } = await running(open);
      await using _ = store;
      await expect(store.runs.turn("run", 2, [{ kind: "decision", ...decided }])).rejects.toThrow(LostLeaseError);
      expect(await store.events.read("run", 0, 9, "tree", ["decision"])).toEqual([]);
    });
  });

  describe("aborting a run", () => {
    test("aborts its controller and whatever of it has not ended, once", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      await store.runs.start(controller, { id: "other" });
      await turn({ kind: "clone", template: fit, path: "a" }, { kind: "clone", template: fit, path: "b" });
      await claimOne(store, agent, "default");
      expect(await store.runs.abort("run", "Ctrl-C")).toBe(true);
      expect((await store.tasks.list({ run: "run" })).map((task) => task.status)).toEqual([
        "aborted",
        "aborted",
        "aborted",
      ]);
      expect((await store.tasks.get("run"))!.failure).toEqual({ name: "AbortedError", message: "Ctrl-C" });
      expect((await store.tasks.get("other"))!.status).toBe("queued");
      expect((await store.events.read("run", 0)).slice(-3)).toMatchObject([
        { task: "run", kind: "aborted", reason: "Ctrl-C" },
        { task: "run/a", kind: "aborted", reason: "Ctrl-C" },
        { task: "run/b", kind: "aborted", reason: "Ctrl-C" },
      ]);
      expect(await store.runs.abort("run", "again")).toBe(false);
      expect((await store.tasks.get("run"))!.failure!.message).toBe("Ctrl-C");
    });

    test("is refused where there is no such run", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "a" });
      await expect(store.runs.abort("nobody", "")).rejects.toThrow(/no run "nobody"/);
      await expect(store.runs.abort("run/a", "")).rejects.toThrow(ConflictError);
      await expect(store.runs.abort(fit, "")).rejects.toThrow(ConflictError);
    });
  });
}
