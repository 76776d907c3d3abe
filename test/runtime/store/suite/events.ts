import { describe, expect, test } from "vitest";
import type { Event } from "../../../../src/model/event.ts";
import { claimOne, followUntil, type OpenStore, running } from "./fixtures.ts";

export function eventsSuite(open: OpenStore): void {
  describe("events", () => {
    test("are read in order, after any of them, as many as asked for", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "a" });
      const all = await store.events.read("run", 0);
      expect(all.map((event) => event.kind)).toEqual(["created", "queued", "running", "created", "queued"]);
      expect(all.map((event) => event.seq)).toEqual(all.map((event) => event.seq).toSorted((a, b) => a - b));
      expect(await store.events.read("run", all[2]!.seq)).toEqual(all.slice(3));
      expect(await store.events.read("run", 0, 2)).toEqual(all.slice(0, 2));
      expect(await store.events.read("nobody", 0)).toEqual([]);
    });

    test("of one transaction are told with the time with which they are read, however long it took", async () => {
      const { store } = await running(open);
      await using _ = store;
      const signals = 1_000;
      const told = followUntil(store, "run", 0, (events) => events.length === 3 + signals);
      await Promise.all(Array.from({ length: signals }, (_, i) => store.runs.signal("run", `s${i}`)));
      expect(await told).toEqual(await store.events.read("run", 0));
    });

    test("are read of some kinds only where they are given, and the latest is known by its number", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      await turn({ kind: "clone", template: fit, path: "a" });
      const all = await store.events.read("run", 0);
      for (const scope of ["calls", "tree"] as const) {
        expect(await store.events.read("run", 0, 2, scope, ["queued", "running"])).toEqual(all.slice(1, 3));
        expect(await store.events.read("run", all[2]!.seq, undefined, scope, ["queued"])).toEqual(all.slice(4));
        expect(await store.events.read("run", 0, undefined, scope, [])).toEqual([]);
      }
      expect(await store.events.latest()).toBe(all.at(-1)!.seq);
    });

    test("are news of those kinds, whichever run's, from then on, until stopped", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      const heard: Event[] = [];
      const stop = store.events.news(["queued", "aborted"], (events) => heard.push(...events));
      const ended = followUntil(store, "run", 0, (events) => events.some(({ kind }) => kind === "aborted"));
      await turn({ kind: "clone", template: fit, path: "a" });
      await store.runs.abort("run", "enough");
      await ended;
      const told = (await store.events.read("run", 0)).filter(
        ({ kind, task }) => kind === "aborted" || (kind === "queued" && task === "run/a"),
      );
      expect(heard).toEqual(told);
      stop();
      await store.tasks.reset("run");
      await store.tasks.enqueue("run");
      expect(heard).toHaveLength(told.length);
    });

    test("of one run are not those of another", async () => {
      const { store, fit } = await running(open);
      await using _ = store;
      const template = await store.events.read(fit, 0);
      expect(template).toMatchObject([{ run: fit, task: fit, kind: "created", name: "fit" }]);
    });

    test("are followed from the beginning or from any number, each once, and equal what is read", async () => {
      const { store, fit, turn, agent } = await running(open);
      await using _ = store;
      const turns = async (from: number, to: number) => {
        for (let i = from; i < to; i++) await turn({ kind: "clone", template: fit, path: `fit[${i}]` });
      };
      const late: Event[] = [];
      const all: Event[] = [];
      const ended = (events: Event[]) =>
        events.some((event) => event.kind === "aborted" && event.task === "run/fit[9]");
      const seen = followUntil(store, "run", 0, ended);
      store.events.follow("run", 4, (events) => late.push(...events));
      await turns(0, 5);
      store.events.follow("run", 0, (events) => all.push(...events));
      await Promise.all([turns(5, 10), claimOne(store, agent, "default")]);
      await store.metrics.append([scalar("run/fit[0]", 0.5), scalar("run/fit[0]", Number.POSITIVE_INFINITY)]);
      await store.runs.abort("run", "enough");
      const read = await store.events.read("run", 0);
      expect(await seen).toEqual(read);
      expect(all).toEqual(read);
      expect(late).toEqual(read.filter((event) => event.seq > 4));
    });

    test("a history longer than one page is followed without a gap while others write", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      const clones = (n: number, to: number) =>
        turn(
          ...Array.from({ length: to - n }, (_, i) => ({
            kind: "clone" as const,
            template: fit,
            path: `fit[${n + i}]`,
          })),
        );
      await clones(0, 1_200);
      const seen = followUntil(
        store,
        "run",
        0,
        (events) => events.at(-1)!.task === "run/fit[1249]" && events.at(-1)!.kind === "queued",
      );
      for (let i = 1_200; i < 1_250; i++) await clones(i, i + 1);
      expect(await seen).toEqual(await store.events.read("run", 0));
    });

    test("of a refused operation are not given out", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      const seen = followUntil(store, "run", 0, (events) => events.at(-1)!.task === "run/last");
      await followUntil(store, "run", 0, (events) => events.length === 3);
      await Promise.allSettled([
        turn({ kind: "clone", template: fit, path: "half" }, { kind: "clone", template: "nobody", path: "other" }),
        turn({ kind: "clone", template: fit, path: "last" }),
      ]);
      expect((await seen).map((event) => event.task)).not.toContain("run/half");
      expect(await seen).toEqual(await store.events.read("run", 0));
    });

    test("stop with their follower, also from within it", async () => {
      const { store, fit, turn } = await running(open);
      await using _ = store;
      const [first] = await store.events.read("run", 0);
      let heard = 0;
      const stop = store.events.follow("run", first!.seq, () => {
        heard += 1;
        stop();
      });
      await followUntil(store, "run", 0, (events) => events.length > 2);
      await turn({ kind: "clone", template: fit, path: "a" });
      expect(heard).toBe(1);
    });
  });
}

const scalar = (task: string, value: number) => ({
  task,
  attempt: 1,
  title: "loss",
  series: "train",
  iteration: 1,
  value,
  at: 1,
});
