import { describe, expect, test } from "vitest";
import { hashOf } from "../../../../src/model/hash.ts";
import type { LogLine } from "../../../../src/model/log.ts";
import type { Scalar } from "../../../../src/model/metric.ts";
import { ConflictError } from "../../../../src/runtime/ports.ts";
import { claimOne, type OpenStore, running } from "./fixtures.ts";

/** What tasks leave behind: blobs, artifacts, metrics, progress and logs. */
export function productsSuite(open: OpenStore): void {
  const started = async () => {
    const all = await running(open);
    await all.turn({ kind: "clone", template: all.fit, path: "fit" });
    await claimOne(all.store, all.agent, "default");
    return all;
  };

  describe("blobs", () => {
    test("are kept by their hash, text as UTF-8, also when put twice at once", async () => {
      await using store = await open();
      const [hash, again] = await Promise.all([store.blobs.put("größe"), store.blobs.put(Buffer.from("größe"))]);
      expect(hash).toBe(hashOf("größe"));
      expect(again).toBe(hash);
      expect((await store.blobs.get(hash)).toString()).toBe("größe");
      expect(await store.blobs.get(await store.blobs.put(""))).toHaveLength(0);
    });

    test("that are not there, or are no hashes, are named", async () => {
      await using store = await open();
      await expect(store.blobs.get(hashOf("missing"))).rejects.toThrow(hashOf("missing"));
      await expect(store.blobs.get("sha256:../../../etc/passwd")).rejects.toThrow(/is not a sha256: hash/);
    });
  });

  describe("artifacts", () => {
    test("are content, listed under their task; the same name again replaces", async () => {
      const { store } = await started();
      await using _ = store;
      const put = (name: string, content: string, createdAt: number) =>
        store.artifacts.put(
          { task: "run/fit", attempt: 1, name, type: "text/plain", preview: content, createdAt },
          Buffer.from(content),
        );
      await put("model", "old", 1);
      await put("report", "fine", 2);
      const model = await put("model", "new", 3);
      expect(model).toMatchObject({ name: "model", bytes: 3, hash: hashOf("new"), preview: "new" });
      expect((await store.artifacts.list("run/fit")).map((artifact) => artifact.name)).toEqual(["report", "model"]);
      expect((await store.artifacts.list("run/fit"))[1]).toEqual(model);
      expect((await store.blobs.get(model.hash)).toString()).toBe("new");
      expect((await store.events.read("run", 0)).at(-1)).toMatchObject({
        kind: "artifact",
        task: "run/fit",
        name: "model",
      });
    });

    test("of a task that is not there are refused", async () => {
      await using store = await open();
      const artifact = { task: "nobody", attempt: 1, name: "model", type: "text/plain", createdAt: 1 };
      await expect(store.artifacts.put(artifact, Buffer.from("x"))).rejects.toThrow(ConflictError);
    });
  });

  describe("metrics", () => {
    const point = (value: number, iteration: number, more: Partial<Scalar> = {}): Scalar => ({
      task: "run/fit",
      attempt: 1,
      title: "loss",
      series: "train",
      iteration,
      value,
      at: 5,
      ...more,
    });

    test("are points in order, and a summary a series", async () => {
      const { store } = await started();
      await using _ = store;
      const points = [point(3, 1), point(1, 2), point(2, 3)];
      await store.metrics.append([points[0]!, point(9, 1, { series: "test" }), points[1]!]);
      await store.metrics.append([points[2]!]);
      expect(await store.metrics.read("run/fit", "loss", "train")).toEqual(points);
      expect(await store.metrics.summaries("run/fit")).toEqual([
        { task: "run/fit", title: "loss", series: "train", last: 2, lastIteration: 3, min: 1, max: 3, count: 3 },
        { task: "run/fit", title: "loss", series: "test", last: 9, lastIteration: 1, min: 9, max: 9, count: 1 },
      ]);
    });

    test("make one event a batch and series, with its last point", async () => {
      const { store } = await started();
      await using _ = store;
      await store.metrics.append([point(3, 1), point(1, 2), point(9, 1, { series: "test" })]);
      const scalars = (await store.events.read("run", 0)).filter((event) => event.kind === "scalar");
      expect(scalars).toMatchObject([
        { task: "run/fit", title: "loss", series: "train", value: 1, iteration: 2 },
        { series: "test", value: 9, iteration: 1 },
      ]);
    });

    test("keep NaN and the infinities, which are neither least nor greatest where they are no numbers", async () => {
      const { store } = await started();
      await using _ = store;
      const values = [Number.NaN, 2, Number.NEGATIVE_INFINITY, Number.NaN];
      for (const [i, value] of values.entries()) await store.metrics.append([point(value, i)]);
      expect((await store.metrics.read("run/fit", "loss", "train")).map((kept) => kept.value)).toEqual(values);
      expect((await store.metrics.summaries("run/fit"))[0]).toMatchObject({
        last: Number.NaN,
        min: Number.NEGATIVE_INFINITY,
        max: 2,
      });
      const scalars = (await store.events.read("run", 0)).flatMap((event) =>
        event.kind === "scalar" ? [event.value] : [],
      );
      expect(scalars).toEqual(values);
    });

    test("of a later attempt begin the summary anew; what an earlier one still sends does not count", async () => {
      const { store } = await started();
      await using _ = store;
      await store.metrics.append([point(1, 1), point(0, 2)]);
      await store.metrics.append([point(5, 1, { attempt: 2 }), point(-9, 3), point(6, 2, { attempt: 2 })]);
      expect((await store.metrics.summaries("run/fit"))[0]).toMatchObject({
        last: 6,
        lastIteration: 2,
        min: 5,
        max: 6,
        count: 2,
      });
      expect(await store.metrics.read("run/fit", "loss", "train")).toHaveLength(5);
    });
  });

  describe("progress", () => {
    test("is the last that was said in a tick, on the task and as an event", async () => {
      const { store } = await started();
      await using _ = store;
      await Promise.all([0.1, 0.2, 0.3].map((fraction) => store.metrics.progress("run/fit", 1, fraction)));
      await store.metrics.progress("run/fit", 1, 0.5);
      expect((await store.tasks.get("run/fit"))!.progress).toBe(0.5);
      const said = (await store.events.read("run", 0)).flatMap((event) =>
        event.kind === "progress" ? [event.progress] : [],
      );
      expect(said).toEqual([0.3, 0.5]);
    });

    test("of an attempt that is not the running one is dropped", async () => {
      const { store } = await started();
      await using _ = store;
      await store.metrics.progress("run/fit", 2, 0.5);
      await store.runs.abort("run", "enough");
      await store.metrics.progress("run/fit", 1, 0.7);
      expect(await store.tasks.get("run/fit")).not.toHaveProperty("progress");
    });
  });

  test("logs are read in order, after any line", async () => {
    const { store } = await started();
    await using _ = store;
    const line = (text: string, task = "run/fit"): LogLine => ({ task, attempt: 1, stream: "stdout", text, at: 1 });
    await store.logs.append([line("a"), line("of another", "run"), line("b")]);
    await store.logs.append([{ ...line("c"), stream: "stderr" }]);
    const lines = await store.logs.read("run/fit");
    expect(lines.map((read) => read.text)).toEqual(["a", "b", "c"]);
    expect(lines[2]).toEqual({ ...line("c"), stream: "stderr" });
    expect((await store.logs.read("run/fit", 2)).map((read) => read.text)).toEqual(["c"]);
    await expect(store.logs.append([line("x", "nobody")])).rejects.toThrow(ConflictError);
  });
}
