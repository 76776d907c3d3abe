import { describe, expect, test } from "vitest";
import { claimOne, type OpenStore, pipelineNamed, running } from "./fixtures.ts";

export function tasksSuite(open: OpenStore): void {
  test("a running attempt says for which packages it waits; one that is not running any more says nothing", async () => {
    const { store, fit, turn, agent } = await running(open);
    await using _ = store;
    await turn({ kind: "clone", template: fit, path: "fit" });
    await store.tasks.installing("run/fit", 1, ["sharp@0.34.5"]);
    await claimOne(store, agent, "default");
    await store.tasks.installing("run/fit", 1, ["canvas@3.1.0"]);
    await store.tasks.installing("run/fit", 2, ["sharp@0.34.5"]);
    await store.tasks.installing("run/fit", 1, []);
    const told = (await store.events.read("run", 0)).flatMap((event) =>
      event.kind === "installing" ? [event.packages] : [],
    );
    expect(told).toEqual([["canvas@3.1.0"], []]);
  });

  describe("lists of tasks", () => {
    test("are newest first, without templates and clones unless asked for", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      const { controller } = await store.runs.register(pipelineNamed("rerun"));
      await store.runs.start(controller, { id: "second" });
      await turn({ kind: "clone", template: fit, path: "fit" });
      const ids = async (filter: Parameters<typeof store.tasks.list>[0]) =>
        (await store.tasks.list(filter)).map((task) => task.id);
      expect(await ids({})).toEqual(["run/fit", "second", "run"]);
      expect(await ids({ topLevel: true })).toEqual(["second", "run"]);
      expect(await ids({ topLevel: true, limit: 1 })).toEqual(["second"]);
      expect(await ids({ templates: true })).toHaveLength(6);
      expect(await ids({ templates: true, status: "draft" })).toContain(fit);
    });

    test("of a run are in the order of creation, the controller first", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "b" }, { kind: "clone", template: fit, path: "a" });
      expect((await store.tasks.list({ run: "run" })).map((task) => task.id)).toEqual(["run", "run/b", "run/a"]);
      expect(await store.tasks.list({ run: "nobody" })).toEqual([]);
    });

    test("are filtered by status and type together", async () => {
      const { store, fit, test: testing, turn, agent } = await running(open);
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "fit" }, { kind: "clone", template: testing, path: "test" });
      await claimOne(store, agent, "default");
      const ids = async (filter: Parameters<typeof store.tasks.list>[0]) =>
        (await store.tasks.list(filter)).map((task) => task.id);
      expect(await ids({ status: "running" })).toEqual(["run/fit", "run"]);
      expect(await ids({ status: "running", type: "controller" })).toEqual(["run"]);
      expect(await ids({ run: "run", type: "testing", status: "queued" })).toEqual(["run/test"]);
    });
  });

  test("a task that is not there is undefined and has no attempts", async () => {
    await using store = await open();
    expect(await store.tasks.get("nobody")).toBeUndefined();
    expect(await store.tasks.attempts("nobody")).toEqual([]);
  });
}
