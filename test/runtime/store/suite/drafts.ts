import { describe, expect, test } from "vitest";
import type { TaskOptions } from "../../../../src/model/options.ts";
import type { Code } from "../../../../src/model/task.ts";
import { ConflictError, type Draft, type Store } from "../../../../src/runtime/ports.ts";
import { agentNamed, claimOne, type OpenStore, pipelineNamed, running } from "./fixtures.ts";

const script: Code = { kind: "script", entry: "train.ts", bundle: `sha256:${"0".repeat(64)}` };

export const draft = (id: string, options: Partial<TaskOptions> = {}, more: Partial<Draft> = {}): Draft => ({
  id,
  name: id,
  code: script,
  options: { type: "training", queue: "default", ...options },
  ...more,
});

/** A task that an agent has run to its end. */
export async function completed(store: Store, id: string, more: Partial<Draft> = {}): Promise<void> {
  await store.tasks.create(draft(id, {}, more));
  await store.queue.join(agentNamed("a"));
  await store.tasks.enqueue(id);
  const { attempt } = await claimOne(store, "a", "default");
  await store.queue.report({ task: id, attempt, agent: "a", outcome: "completed", output: { text: "[2]" } });
}

export function draftsSuite(open: OpenStore): void {
  describe("drafts", () => {
    test("are written with all that is said of them", async () => {
      await using store = await open();
      const task = await store.tasks.create(
        draft(
          "one",
          { project: "vision/digits", tags: ["fast"] },
          {
            input: { text: "[1]" },
            comment: "the first",
            configuration: { net: { json: { layers: [3, 4] }, description: "its layers" }, notes: { text: "a: 1" } },
          },
        ),
      );
      expect(task).toMatchObject({
        id: "one",
        status: "draft",
        project: "vision/digits",
        comment: "the first",
        input: { text: "[1]" },
      });
      expect(task).not.toHaveProperty("run");
      expect(await store.tasks.get("one")).toEqual(task);
      expect(await store.tasks.configuration("one")).toEqual([
        { name: "net", json: { layers: [3, 4] }, description: "its layers" },
        { name: "notes", text: "a: 1" },
      ]);
      expect((await store.events.read("one", 0)).map(({ kind }) => kind)).toEqual(["created"]);
    });

    test("are refused under an id that is taken, or that is none, and in a project that is none", async () => {
      await using store = await open();
      await store.tasks.create(draft("one"));
      await expect(store.tasks.create(draft("one"))).rejects.toThrow('there is a task "one" already');
      await expect(store.tasks.create(draft("a b"))).rejects.toThrow("cannot name a task");
      await expect(store.tasks.create(draft("two", { project: "a//b" }))).rejects.toThrow("is no name of a project");
    });

    test("that are clones have everything of their source but what it made", async () => {
      await using store = await open();
      await completed(store, "one", { input: { text: "[1]" }, configuration: { net: { text: "x" } } });
      const clone = await store.tasks.clone("one", { id: "two" });
      expect(clone).toMatchObject({
        name: "clone of one",
        parent: "one",
        status: "draft",
        attempt: 0,
        input: { text: "[1]" },
      });
      expect(clone).not.toHaveProperty("output");
      expect(await store.tasks.configuration("two")).toEqual([{ name: "net", text: "x" }]);
      const other = await store.tasks.clone("one", {
        id: "three",
        name: "another",
        options: { ...clone.options, queue: "gpu" },
        input: { text: "[9]" },
        configuration: { net: { text: "y" } },
      });
      expect(other).toMatchObject({ name: "another", options: { queue: "gpu" }, input: { text: "[9]" } });
      expect(await store.tasks.configuration("three")).toEqual([{ name: "net", text: "y" }]);
      expect((await store.tasks.get("one"))!.input).toEqual({ text: "[1]" });
      await expect(store.tasks.clone("nobody", { id: "four" })).rejects.toThrow(ConflictError);
    });

    test("that are clones of a run are runs of their own", async () => {
      const { store } = await running(open);
      await using _ = store;
      expect(await store.tasks.clone("run", { id: "again" })).toMatchObject({
        run: "again",
        status: "draft",
        input: { text: "[1]" },
      });
    });

    test("can be edited, parameters only by who knows them", async () => {
      await using store = await open();
      await store.tasks.create(draft("one", { tags: ["a"] }));
      await store.tasks.edit("one", {
        input: { from: undefined, to: { text: "[1]" } },
        tags: ["b"],
        name: "first",
        project: "p",
      });
      await store.tasks.edit("one", { options: { priority: 3 }, comment: "x", configuration: { net: { text: "1" } } });
      expect(await store.tasks.get("one")).toMatchObject({
        name: "first",
        project: "p",
        comment: "x",
        input: { text: "[1]" },
        options: { type: "training", queue: "default", tags: ["b"], project: "p", priority: 3 },
      });
      await expect(store.tasks.edit("one", { input: { from: undefined, to: { text: "[2]" } } })).rejects.toThrow(
        "somebody else has just changed the parameters",
      );
      const cleared = await store.tasks.edit("one", {
        project: null,
        comment: null,
        tags: [],
        configuration: { net: null },
      });
      expect(cleared).not.toHaveProperty("comment");
      expect(cleared.options).toEqual({ type: "training", queue: "default", priority: 3 });
      expect(await store.tasks.configuration("one")).toEqual([]);
    });

    test("that a pipeline was registered with stay as they are", async () => {
      await using store = await open();
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      await expect(store.tasks.edit(controller, { tags: ["x"] })).rejects.toThrow("belongs to a registered pipeline");
      await expect(store.tasks.enqueue(controller)).rejects.toThrow("belongs to a registered pipeline");
      await expect(store.tasks.delete(controller)).rejects.toThrow("belongs to a registered pipeline");
    });
  });

  describe("what is no draft any more", () => {
    test("keeps its parameters, while people may say something of it", async () => {
      await using store = await open();
      await completed(store, "one");
      await expect(store.tasks.edit("one", { input: { from: undefined, to: { text: "[1]" } } })).rejects.toThrow(
        'the task "one" is completed, and only a draft can be edited: reset it, or clone it',
      );
      await expect(store.tasks.edit("one", { configuration: { net: { text: "" } } })).rejects.toThrow(ConflictError);
      expect(await store.tasks.edit("one", { tags: ["best"], comment: "good" })).toMatchObject({
        comment: "good",
        options: { tags: ["best"] },
      });
    });

    test("is read-only once it is published, and can be archived all the same", async () => {
      await using store = await open();
      await store.tasks.create(draft("early"));
      await expect(store.tasks.publish("early")).rejects.toThrow("only what has ended can be published");
      await completed(store, "one");
      expect(await store.tasks.publish("one")).toMatchObject({ published: true });
      await store.tasks.publish("one");
      await expect(store.tasks.edit("one", { comment: "x" })).rejects.toThrow("is published, and cannot be changed");
      await expect(store.tasks.reset("one")).rejects.toThrow("is published, and cannot be reset");
      await expect(store.tasks.delete("one")).rejects.toThrow("it is published");
      expect(await store.tasks.archive("one", true)).toMatchObject({ archived: true });
      expect(await store.tasks.archive("one", false)).not.toHaveProperty("archived");
      expect((await store.events.read("one", 0)).slice(-3).map(({ kind }) => kind)).toEqual([
        "published",
        "archived",
        "archived",
      ]);
    });

    test("while it waits or runs is not archived", async () => {
      await using store = await open();
      await store.tasks.create(draft("one"));
      await store.tasks.enqueue("one");
      await expect(store.tasks.archive("one", true)).rejects.toThrow("dequeue it before it is archived");
    });
  });

  test("a process that makes itself a task runs it as its first attempt, and records what it takes", async () => {
    await using store = await open();
    await expect(store.tasks.begin(draft("self"), "me")).rejects.toThrow("must join before it begins a task");
    await store.queue.join({ ...agentNamed("me"), queues: [] });
    const task = await store.tasks.begin(draft("self"), "me");
    expect(task).toMatchObject({ status: "running", attempt: 1 });
    expect(await store.tasks.record("self", 1, { input: { from: undefined, to: { text: "[5]" } } })).toBe(true);
    expect(await store.tasks.record("self", 2, { input: { from: { text: "[5]" }, to: undefined } })).toBe(false);
    expect((await store.tasks.get("self"))!.input).toEqual({ text: "[5]" });
    expect(await store.queue.report({ task: "self", attempt: 1, agent: "me", outcome: "completed" })).toBe(true);
    expect((await store.events.read("self", 0)).map(({ kind }) => kind)).toEqual([
      "created",
      "queued",
      "running",
      "edited",
      "completed",
    ]);
  });

  test("what a process of its own was running when it died is aborted: nobody else is to run it", async () => {
    await using store = await open();
    await store.queue.join({ ...agentNamed("me"), queues: [] });
    await store.tasks.begin(draft("self"), "me");
    expect(await store.queue.rescue(({ id }) => id === "me")).toEqual(["self"]);
    expect(await store.tasks.get("self")).toMatchObject({
      status: "aborted",
      failure: { message: "its process is gone" },
    });
    expect((await store.tasks.attempts("self"))[0]).toMatchObject({ outcome: "lost" });
    expect(await store.queue.agents()).toEqual([]);
  });
}
