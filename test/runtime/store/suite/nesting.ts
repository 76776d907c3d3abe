import { describe, expect, test } from "vitest";
import { bundleHash } from "../../../../src/model/bundle.ts";
import type { Event } from "../../../../src/model/event.ts";
import type { Pipeline } from "../../../../src/model/pipeline.ts";
import { ConflictError, LostLeaseError, type Store } from "../../../../src/runtime/ports.ts";
import { agentNamed, bundle, claimOne, followUntil, type OpenStore, pipelineNamed } from "./fixtures.ts";

/** `train` calls `prepare`, which calls `fit` and itself. */
function nesting(): Pipeline {
  const { templates, graph, ...train } = pipelineNamed("train");
  const controller = { type: "controller", queue: "services" } as const;
  return {
    ...train,
    graph,
    pipelines: { prepare: { name: "prepare", options: controller, graph } },
    templates: {
      fit: templates.fit!,
      prepare: { kind: "pipeline", pipeline: "prepare", options: { ...controller, queue: "data" } },
      again: { kind: "pipeline", pipeline: "train", options: controller },
    },
  };
}

const agent = "agent";

/** The run `run` is under way, and has called `prepare`, which is under way too, and has called `fit` and `prepare`. */
async function called(open: OpenStore) {
  const store = await open();
  const { controller, templates, pipeline } = await store.runs.register(nesting());
  const [fit, prepare, again] = ["fit", "prepare", "again"].map((name) => templates.get(name)!) as [
    string,
    string,
    string,
  ];
  await store.queue.join(agentNamed(agent));
  await store.runs.start(controller, { id: "run" });
  await claimOne(store, agent, "services");
  await store.runs.turn("run", 1, [
    { kind: "clone", template: prepare, path: "loop1[2]/prepare", input: { text: "[7]" } },
    { kind: "clone", template: fit, path: "fit" },
  ]);
  await claimOne(store, agent, "data");
  await store.runs.turn("run/loop1[2]/prepare", 1, [
    { kind: "clone", template: fit, path: "fit" },
    { kind: "clone", template: prepare, path: "prepare" },
  ]);
  return { store, controller, pipeline, templates: { fit, prepare, again } };
}

const nested = "run/loop1[2]/prepare";
const everything = ["run", nested, "run/fit", `${nested}/fit`, `${nested}/prepare`];

const statuses = async (store: Store) =>
  Object.fromEntries((await store.tasks.list({ run: "run" })).map(({ id, status }) => [id, status]));
const brief = (events: readonly Event[]) => events.map(({ task, kind }) => `${kind} ${task}`);

export function nestingSuite(open: OpenStore): void {
  describe("a pipeline that a run calls", () => {
    test("is a task of that run, and a run of its own", async () => {
      const { store, templates, pipeline } = await called(open);
      await using _ = store;
      expect(await store.tasks.get(nested)).toMatchObject({
        name: "prepare",
        run: "run",
        path: "loop1[2]/prepare",
        parent: templates.prepare,
        input: { text: "[7]" },
        options: { queue: "data" },
        code: { kind: "controller", pipeline, definition: "prepare" },
      });
      expect(await store.tasks.get(`${nested}/fit`)).toMatchObject({
        run: nested,
        path: "fit",
        code: { kind: "code", bundle: bundleHash(bundle), export: "fit" },
      });
      const again = await store.tasks.get(templates.again);
      expect(again!.code, "one that calls itself").toEqual({ kind: "controller", pipeline });
    });

    test("is listed with the run, as is whatever runs for it; by itself too", async () => {
      const { store } = await called(open);
      await using _ = store;
      const ids = async (run: string) => (await store.tasks.list({ run })).map(({ id }) => id);
      expect(await ids("run")).toEqual(everything);
      expect(await ids(nested)).toEqual([nested, `${nested}/fit`, `${nested}/prepare`]);
      expect((await store.tasks.list({ topLevel: true })).map(({ id }) => id)).toEqual(["run"]);
    });

    test("moves by turns of its own, fenced by its own attempt", async () => {
      const { store, templates } = await called(open);
      await using _ = store;
      const clone = { kind: "clone" as const, template: templates.fit, path: "more" };
      await expect(store.runs.turn(nested, 2, [clone])).rejects.toThrow(LostLeaseError);
      await store.runs.turn(nested, 1, [clone]);
      expect(await store.tasks.get(`${nested}/more`)).toMatchObject({ run: nested });
      const abort = { kind: "abort" as const, task: `${nested}/fit`, reason: "not mine" };
      await expect(store.runs.turn("run", 1, [abort])).rejects.toThrow(ConflictError);
    });

    test("ends in an event of its caller", async () => {
      const { store } = await called(open);
      await using _ = store;
      const before = (await store.events.read("run", 0)).at(-1)!.seq;
      const failure = { name: "RangeError", message: "too few", step: "fit" };
      await store.queue.report({ task: nested, attempt: 1, agent, outcome: "failed", failure });
      const [end, ...more] = await store.events.read("run", before, undefined, "calls");
      expect(end).toMatchObject({ run: "run", task: nested, kind: "failed", failure });
      expect(more).toEqual([]);
    });
  });

  describe("the events of runs that call runs", () => {
    test("are those of the whole tree, in the order of commits, or of what a run called itself", async () => {
      const { store } = await called(open);
      await using _ = store;
      const all = await store.events.read("run", 0);
      expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).sort((a, b) => a - b));
      expect(brief(all)).toEqual([
        ...["created run", "queued run", "running run"],
        ...[`created ${nested}`, `queued ${nested}`, `unserved ${nested}`, "created run/fit", "queued run/fit"],
        ...[`running ${nested}`, `created ${nested}/fit`, `queued ${nested}/fit`],
        ...[`created ${nested}/prepare`, `queued ${nested}/prepare`, `unserved ${nested}/prepare`],
      ]);
      const within = (run: string) => all.filter(({ task }) => task === run || task.startsWith(`${run}/`));
      expect(await store.events.read(nested, 0)).toEqual(within(nested));
      expect(await store.events.read(`${nested}/prepare`, 0)).toEqual(within(`${nested}/prepare`));
      expect(await store.events.read("run", 0, undefined, "calls")).toEqual(all.slice(0, 9));
      expect(await store.events.read(nested, 0, undefined, "calls")).toEqual(all.slice(9));
    });

    test("come in pages that leave nothing out, wherever one ends", async () => {
      const { store } = await called(open);
      await using _ = store;
      for (const run of ["run", nested]) {
        const all = await store.events.read(run, 0);
        for (let size = 1; size <= all.length; size += 1) {
          const paged: Event[] = [];
          for (let page = await store.events.read(run, 0, size); page.length > 0; ) {
            paged.push(...page);
            page = await store.events.read(run, page.at(-1)!.seq, size);
          }
          expect(paged).toEqual(all);
        }
      }
    });

    test("are heard by those who follow the tree, a run in it, or what a run called itself", async () => {
      const { store } = await called(open);
      await using _ = store;
      const seq = (await store.events.read("run", 0)).at(-1)!.seq;
      const heard: Record<string, string[]> = { tree: [], nested: [], calls: [], "calls of nested": [], neighbour: [] };
      const into = (name: string) => (events: readonly Event[]) => void heard[name]!.push(...brief(events));
      store.events.follow(nested, seq, into("nested"));
      store.events.follow("run", seq, into("calls"), "calls");
      store.events.follow(nested, seq, into("calls of nested"), "calls");
      store.events.follow("ru", seq, into("neighbour"));
      const tree = followUntil(store, "run", seq, (events) => events.length === 4);
      const fit = await claimOne(store, agent, "default");
      const inner = await claimOne(store, agent, "default");
      expect([fit.task.id, inner.task.id]).toEqual(["run/fit", `${nested}/fit`]);
      await store.queue.report({ task: inner.task.id, attempt: 1, agent, outcome: "completed" });
      await store.queue.report({ task: nested, attempt: 1, agent, outcome: "completed" });
      expect(brief(await tree)).toEqual([
        "running run/fit",
        `running ${nested}/fit`,
        `completed ${nested}/fit`,
        `completed ${nested}`,
      ]);
      expect(heard).toEqual({
        tree: [],
        nested: [`running ${nested}/fit`, `completed ${nested}/fit`, `completed ${nested}`],
        calls: ["running run/fit", `completed ${nested}`],
        "calls of nested": [`running ${nested}/fit`, `completed ${nested}/fit`],
        neighbour: [],
      });
    });
  });

  describe("an agent that serves one run", () => {
    test("claims what runs for it at any depth, and nothing else", async () => {
      const { store, controller } = await called(open);
      await using _ = store;
      await store.runs.start(controller, { id: "other" });
      const { claims } = await store.queue.claim({
        agent,
        queues: ["default", "data", "services"],
        limit: 9,
        run: "run",
      });
      expect(claims.map(({ task }) => task.id)).toEqual(["run/fit", `${nested}/fit`, `${nested}/prepare`]);
      const { claims: others } = await store.queue.claim({ agent, queues: ["services"], limit: 9 });
      expect(others.map(({ task }) => task.id)).toEqual(["other"]);
    });

    test("knows when the next of them is due", async () => {
      const { store } = await called(open);
      await using _ = store;
      const { task } = (await store.queue.claim({ agent, queues: ["default"], limit: 2 })).claims[1]!;
      const failure = { name: "Error", message: "later" };
      const notBefore = Date.now() + 1e6;
      await store.queue.report({ task: task.id, attempt: 1, agent, outcome: "retry", failure, notBefore });
      expect(await store.queue.claim({ agent, queues: ["default"], limit: 9, run: "run" })).toMatchObject({
        dueAt: notBefore,
      });
    });

    test("takes over what a dead agent ran for it, at any depth", async () => {
      const { store, controller } = await called(open);
      await using _ = store;
      await store.runs.start(controller, { id: "other" });
      await store.queue.claim({ agent, queues: ["default", "services"], limit: 9 });
      const rescued = await store.queue.rescue(({ id }) => id === agent, "run");
      expect(rescued.sort()).toEqual(["run", nested, "run/fit", `${nested}/fit`].sort());
      expect((await store.tasks.get("other"))!.status).toBe("running");
    });
  });

  describe("aborting", () => {
    test("a run ends whatever runs for it, at any depth, each once", async () => {
      const { store } = await called(open);
      await using _ = store;
      await claimOne(store, agent, "data");
      const seq = (await store.events.read("run", 0)).at(-1)!.seq;
      expect(await store.runs.abort("run", "Ctrl-C")).toBe(true);
      expect(await statuses(store)).toEqual(Object.fromEntries(everything.map((id) => [id, "aborted"])));
      const ends = await store.events.read("run", seq);
      expect(brief(ends).sort()).toEqual(everything.map((id) => `aborted ${id}`).sort());
      expect((await store.queue.claim({ agent, queues: ["default", "data", "services"], limit: 9 })).claims).toEqual(
        [],
      );
    });

    test("a called run, by its caller or by hand, leaves the rest as it is", async () => {
      for (const by of ["its caller", "hand"]) {
        const { store } = await called(open);
        await using _ = store;
        if (by === "hand") await store.runs.abort(nested, "not needed");
        else await store.runs.turn("run", 1, [{ kind: "abort", task: nested, reason: "not needed" }]);
        expect(await statuses(store)).toEqual({
          run: "running",
          [nested]: "aborted",
          "run/fit": "queued",
          [`${nested}/fit`]: "aborted",
          [`${nested}/prepare`]: "aborted",
        });
      }
    });

    test("tells the agent of every attempt that it takes away", async () => {
      const { store } = await called(open);
      await using _ = store;
      const revoked: string[] = [];
      const stop = store.queue.watch(agent, { ready() {}, revoked: (task) => void revoked.push(task) });
      await store.queue.claim({ agent, queues: ["default"], limit: 9 });
      await store.runs.abort("run", "enough");
      stop();
      expect(revoked.sort()).toEqual(["run", nested, "run/fit", `${nested}/fit`].sort());
    });
  });
}
