import { describe, expect, test } from "vitest";
import { ConflictError, LostLeaseError } from "../../../../src/runtime/ports.ts";
import { followUntil, type OpenStore, running } from "./fixtures.ts";

export function waitsSuite(open: OpenStore): void {
  describe("a run that waits", () => {
    test("says so in an event, and in another when its time has come", async () => {
      const { store, run, turn } = await running(open);
      await using _ = store;
      const before = (await store.events.read(run, 0)).length;
      await turn(
        { kind: "wait", path: "sleep", until: 5_000.5 },
        { kind: "wait", path: "loop1[2]/approved", signal: "approved", transient: true },
      );
      await turn({ kind: "fire", path: "sleep" });
      const events = (await store.events.read(run, 0)).slice(before);
      expect(events).toMatchObject([
        { kind: "waiting", run, task: run, path: "sleep", until: 5_000.5 },
        { kind: "waiting", run, task: run, path: "loop1[2]/approved", signal: "approved", transient: true },
        { kind: "timer", run, task: run, path: "sleep" },
      ]);
      expect(events[0]).not.toHaveProperty("signal");
      expect(await store.events.read(run, 0, undefined, "calls")).toEqual(await store.events.read(run, 0));
    });

    test("gets signals in the order in which they were sent, with and without a value", async () => {
      const { store, run } = await running(open);
      await using _ = store;
      const heard = followUntil(store, run, 0, (events) => events.filter(({ kind }) => kind === "signal").length === 3);
      expect(await store.runs.signal(run, "go", { text: "[1]" })).toBe(true);
      const blob = { blob: await store.blobs.put("large"), bytes: 5 };
      await Promise.all([store.runs.signal(run, "go", blob), store.runs.signal(run, "constructor")]);
      const signals = [
        { kind: "signal", name: "go", value: { text: "[1]" } },
        { kind: "signal", name: "go", value: blob },
        { kind: "signal", name: "constructor" },
      ];
      expect((await heard).slice(-3)).toMatchObject(signals);
      expect((await store.events.read(run, 0)).slice(-3)).toMatchObject(signals);
    });

    test("gets signals before it was ever claimed, and none when it has ended", async () => {
      const { store, run, turn, fit } = await running(open);
      await using _ = store;
      const { parent } = (await store.tasks.get(run))!;
      await store.runs.start(parent!, { id: "queued" });
      expect(await store.runs.signal("queued", "go")).toBe(true);
      await store.runs.abort("queued", "enough");
      expect(await store.runs.signal("queued", "go")).toBe(false);
      await turn({ kind: "clone", template: fit, path: "fit" });
      for (const none of ["nobody", "run/fit", parent!])
        await expect(store.runs.signal(none, "go")).rejects.toThrow(ConflictError);
    });
  });

  describe("what a run has read of chance and time", () => {
    test("is kept by its path, exactly, and the first value stays", async () => {
      const { store, run, turn } = await running(open);
      await using _ = store;
      expect(await store.runs.chances(run)).toEqual(new Map());
      await turn(
        { kind: "chance", path: "Math.random#1", value: 0.1 + 0.2 },
        { kind: "chance", path: "loop1[1]/Date.now#1", value: 1_700_000_000_000 },
      );
      await turn(
        { kind: "chance", path: "Math.random#1", value: 0.5 },
        { kind: "chance", path: "crypto.randomUUID#1", value: "a-b" },
      );
      expect(await store.runs.chances(run)).toEqual(
        new Map<string, number | string>([
          ["Math.random#1", 0.1 + 0.2],
          ["loop1[1]/Date.now#1", 1_700_000_000_000],
          ["crypto.randomUUID#1", "a-b"],
        ]),
      );
      expect(await store.runs.chances("other")).toEqual(new Map());
    });

    test("is written whole or not at all with its turn, and only by the running controller", async () => {
      const { store, run, turn } = await running(open);
      await using _ = store;
      const chance = { kind: "chance", path: "Math.random#1", value: 0.5 } as const;
      await expect(turn(chance, { kind: "clone", template: "nobody", path: "x" })).rejects.toThrow(ConflictError);
      for (const command of [
        chance,
        { kind: "fire", path: "sleep" },
        { kind: "wait", path: "sleep", until: 1 },
      ] as const)
        await expect(store.runs.turn(run, 2, [command])).rejects.toThrow(LostLeaseError);
      expect(await store.runs.chances(run)).toEqual(new Map());
      expect((await store.events.read(run, 0)).map(({ kind }) => kind)).toEqual(["created", "queued", "running"]);
    });
  });
}
