/** Changes that have a name. */
import { expect, test } from "vitest";
import { type OpenStore, running } from "./fixtures.ts";

export function onceSuite(open: OpenStore): void {
  test("what is asked for again by its name is changed once, and gives what it gave", async () => {
    const { store } = await running(open);
    await using _ = store;
    const options = { type: "training", queue: "default" } as const;
    const make = (name: string) =>
      store.once(name, () =>
        store.tasks.create({ id: name, name: "made", code: { kind: "command", run: ["true"] }, options }),
      );
    const made = await make("a");
    await store.tasks.enqueue("a");
    expect(await make("a")).toEqual(made);
    expect((await make("b")).id).toBe("b");
    expect(await store.tasks.list({ name: "made" })).toHaveLength(2);
  });

  test("each change of one name is one of its own, and what has no name is changed each time", async () => {
    const { store } = await running(open);
    await using _ = store;
    const two = () => Promise.all([store.runs.signal("run", "x"), store.runs.signal("run", "x")]);
    await store.once("two", two);
    await store.once("two", two);
    await store.runs.signal("run", "x");
    const signals = (await store.events.read("run", 0)).filter(({ kind }) => kind === "signal");
    expect(signals).toHaveLength(3);
  });

  test("a change that was refused may be tried again by its name", async () => {
    const { store } = await running(open);
    await using _ = store;
    const signal = () => store.once("late", () => store.runs.signal("next", "x"));
    await expect(signal()).rejects.toThrow("next");
    const { parent } = (await store.tasks.get("run"))!;
    await store.runs.start(parent!, { id: "next" });
    expect(await signal()).toBe(true);
  });
}
