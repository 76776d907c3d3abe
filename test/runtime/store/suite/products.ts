import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { KeptArtifact } from "../../../../src/model/artifact.ts";
import type { Figure } from "../../../../src/model/figure.ts";
import { hashOf } from "../../../../src/model/hash.ts";
import type { LogLine } from "../../../../src/model/log.ts";
import type { Scalar } from "../../../../src/model/metric.ts";
import { ConflictError, type Store } from "../../../../src/runtime/ports.ts";
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

  describe("files of content", () => {
    const spooled = async (store: Store, text: string): Promise<string> => {
      await mkdir(store.blobs.spool, { recursive: true });
      const file = join(store.blobs.spool, "file");
      await writeFile(file, text);
      return file;
    };

    test("are taken over whole, once, and read where they lie", async () => {
      await using store = await open();
      for (let time = 1; time <= 2; time++) {
        const file = await spooled(store, "large");
        await store.blobs.adopt(file, hashOf("large"), 5);
        await expect(stat(file)).rejects.toThrow("ENOENT");
      }
      expect(await readFile(await store.blobs.file(hashOf("large")), "utf8")).toBe("large");
      expect((await store.blobs.get(hashOf("large"))).toString()).toBe("large");
    });

    test("that are not there, or whose names are no hashes, are named", async () => {
      await using store = await open();
      await expect(store.blobs.file(hashOf("missing"))).rejects.toThrow(`has no content ${hashOf("missing")}`);
      await expect(store.blobs.file("sha256:../../x")).rejects.toThrow("is not a sha256: hash");
      await expect(store.blobs.adopt(await spooled(store, "x"), "sha256:../x", 1)).rejects.toThrow(
        "is not a sha256: hash",
      );
    });
  });

  describe("artifacts", () => {
    const artifact = (name: string, content: string, more: Partial<KeptArtifact> = {}): KeptArtifact => ({
      ...{ task: "run/fit", role: "output", name, attempt: 1, kind: "text", type: "text/plain" },
      ...{ hash: hashOf(content), bytes: content.length, preview: content, createdAt: 1 },
      ...more,
    });

    test("are listed under their task in the order in which they came; the same name again replaces, and comes last", async () => {
      const { store } = await started();
      await using _ = store;
      await store.artifacts.put(artifact("model", "old"));
      await store.artifacts.put(artifact("report", "fine", { metadata: { by: "hand" } }));
      const model = artifact("model", "new", { model: { framework: "cart", labels: ["yes", "no"] } });
      await store.artifacts.put(model);
      expect(await store.artifacts.list("run/fit")).toEqual([
        artifact("report", "fine", { metadata: { by: "hand" } }),
        model,
      ]);
      expect((await store.events.read("run", 0)).at(-1)).toMatchObject({
        kind: "artifact",
        task: "run/fit",
        name: "model",
      });
    });

    test("that a task took are other ones than those that it made", async () => {
      const { store } = await started();
      await using _ = store;
      await store.artifacts.put(artifact("model", "from before", { role: "input" }));
      await store.artifacts.put(artifact("model", "tuned"));
      expect(await store.artifacts.find("run/fit", "model")).toMatchObject({ hash: hashOf("tuned") });
      expect(await store.artifacts.find("run/fit", "model", { role: "input" })).toMatchObject({
        hash: hashOf("from before"),
      });
      expect(await store.artifacts.find("run/fit", "other")).toBeUndefined();
    });

    test("that a task took are its clone's too, those that it made are not", async () => {
      const { store } = await started();
      await using _ = store;
      const base = artifact("base", "from before", { role: "input", model: { framework: "cart" } });
      await store.artifacts.put(base);
      await store.artifacts.put(artifact("model", "tuned"));
      await store.tasks.clone("run/fit", { id: "clone" });
      const taken = [{ ...base, task: "clone", attempt: 0 }];
      expect(await store.artifacts.list("clone")).toEqual(taken);
      await store.artifacts.put(artifact("model", "again", { task: "clone" }));
      await store.tasks.enqueue("clone");
      await store.tasks.abort("clone", "enough");
      await store.tasks.reset("clone");
      expect(await store.artifacts.list("clone")).toEqual(taken);
    });

    test("of a task that is not there are refused", async () => {
      await using store = await open();
      await expect(store.artifacts.put(artifact("model", "x", { task: "nobody" }))).rejects.toThrow(ConflictError);
    });

    test("that are announced are waited for, also where an older one is there", async () => {
      const { store } = await started();
      await using _ = store;
      await store.artifacts.put(artifact("model", "old"));
      await store.artifacts.announce({ task: "run/fit", role: "output", name: "model", attempt: 1 });
      const found = store.artifacts.find("run/fit", "model");
      await store.artifacts.put(artifact("other", "x"));
      expect(await Promise.race([found, store.artifacts.find("run/fit", "other")])).toMatchObject({ name: "other" });
      await store.artifacts.put(artifact("model", "new"));
      expect(await found).toMatchObject({ hash: hashOf("new") });
    });

    test("that are announced are not waited for when the attempt is over, or who waits gives up", async () => {
      const { store, turn } = await started();
      await using _ = store;
      await store.artifacts.announce({ task: "run/fit", role: "output", name: "model", attempt: 1 });
      await expect(
        store.artifacts.find("run/fit", "model", { signal: AbortSignal.abort(new Error("enough")) }),
      ).rejects.toThrow("enough");
      const found = store.artifacts.find("run/fit", "model");
      await turn({ kind: "abort", task: "run/fit", reason: "enough" });
      expect(await found).toBeUndefined();
    });

    test("that are withdrawn are not waited for", async () => {
      const { store } = await started();
      await using _ = store;
      const upload = { task: "run/fit", role: "output" as const, name: "model", attempt: 1 };
      await store.artifacts.announce(upload);
      await store.artifacts.withdraw(upload);
      expect(await store.artifacts.find("run/fit", "model")).toBeUndefined();
    });

    test("that are withdrawn while somebody waits for them are not waited for any longer", async () => {
      const { store } = await started();
      await using _ = store;
      const upload = { task: "run/fit", role: "output" as const, name: "model", attempt: 1 };
      await store.artifacts.announce(upload);
      const found = store.artifacts.find("run/fit", "model");
      // Who waits has looked by the time that this is there.
      await store.artifacts.put(artifact("other", "x"));
      await store.artifacts.find("run/fit", "other");
      await store.artifacts.withdraw(upload);
      expect(await found).toBeUndefined();
    });
  });

  describe("figures", () => {
    test("are listed by title and iteration; the same again replaces", async () => {
      const { store } = await started();
      await using _ = store;
      const figure = (title: string, iteration: number, content: string): Figure => ({
        ...{ task: "run/fit", attempt: 1, kind: "plot", title, iteration, content, at: 1 },
      });
      await store.figures.put([figure("loss", 2, "{}"), figure("loss", 1, "old"), figure("confusion", 0, "{}")]);
      await store.figures.put([figure("loss", 1, "new"), { ...figure("loss", 1, "# Loss"), kind: "text" }]);
      expect(
        (await store.figures.list("run/fit")).map(({ kind, title, iteration, content }) => [
          kind,
          title,
          iteration,
          content,
        ]),
      ).toEqual([
        ["plot", "confusion", 0, "{}"],
        ["plot", "loss", 1, "new"],
        ["text", "loss", 1, "# Loss"],
        ["plot", "loss", 2, "{}"],
      ]);
    });

    test("beyond a thousand are refused, but those that are there may be replaced", async () => {
      const { store } = await started();
      await using _ = store;
      const figure = (iteration: number): Figure => ({
        ...{ task: "run/fit", attempt: 1, kind: "text", title: "t", iteration, content: "", at: 1 },
      });
      await store.figures.put(Array.from({ length: 1_000 }, (_, i) => figure(i)));
      await expect(store.figures.put([figure(1_000)])).rejects.toThrow(
        'text("t"): a task keeps at most 1,000 figures. Give what changes',
      );
      await store.figures.put([figure(7)]);
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

    test("beyond two thousand series are refused, with their name", async () => {
      const { store } = await started();
      await using _ = store;
      await store.metrics.append(Array.from({ length: 2_000 }, (_, i) => point(1, 1, { series: `s${i}` })));
      await expect(store.metrics.append([point(1, 1, { series: "more" })])).rejects.toThrow(
        'scalar("loss", "more"): a task keeps at most 2,000 series. Give what changes from point to point as the iteration',
      );
      await store.metrics.append([point(2, 2, { series: "s7" })]);
      expect(await store.metrics.summaries("run/fit")).toHaveLength(2_000);
    });

    test("of a long series are read by fewer points, with its spikes", async () => {
      const { store } = await started();
      await using _ = store;
      const values = Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 5_000));
      values[61_234] = 50;
      for (let from = 0; from < values.length; from += 20_000)
        await store.metrics.append(values.slice(from, from + 20_000).map((value, i) => point(value, from + i)));
      expect(await store.metrics.read("run/fit", "loss", "train")).toHaveLength(100_000);
      const sampled = await store.metrics.read("run/fit", "loss", "train", { points: 500 });
      expect(sampled.length).toBeLessThanOrEqual(500);
      expect(sampled[0]).toEqual(point(0, 0));
      expect(sampled.at(-1)).toEqual(point(values.at(-1)!, 99_999));
      expect(sampled).toContainEqual(point(50, 61_234));
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

  describe("logs", () => {
    const line = (text: string, more: Partial<LogLine> = {}): LogLine => ({
      ...{ task: "run/fit", attempt: 1, stream: "stdout", text, at: 1 },
      ...more,
    });
    const texts = (lines: LogLine[]) => lines.map(({ text }) => text);

    test("are read in order, after any line, and the last of them", async () => {
      const { store } = await started();
      await using _ = store;
      await store.logs.append([line("a"), line("of another", { task: "run" }), line("b")]);
      await store.logs.append([line("c", { stream: "stderr", level: "warn" })]);
      const lines = await store.logs.read("run/fit");
      expect(texts(lines)).toEqual(["a", "b", "c"]);
      expect(lines[2]).toEqual({ ...line("c", { stream: "stderr", level: "warn" }), number: 3 });
      expect(texts(await store.logs.read("run/fit", { after: 2 }))).toEqual(["c"]);
      expect(texts(await store.logs.read("run/fit", { last: 2 }))).toEqual(["b", "c"]);
      expect(texts(await store.logs.read("run/fit", { last: 0 }))).toEqual([]);
      await expect(store.logs.append([line("x", { task: "nobody" })])).rejects.toThrow(ConflictError);
    });

    test("are searched by text in any case, and by level", async () => {
      const { store } = await started();
      await using _ = store;
      const said = [
        line("Loss 3"),
        line("odd", { level: "debug" }),
        line("loss NaN", { level: "warn" }),
        line("LOSS 2"),
      ];
      await store.logs.append(said);
      expect(texts(await store.logs.read("run/fit", { search: "loss" }))).toEqual(["Loss 3", "loss NaN", "LOSS 2"]);
      expect(texts(await store.logs.read("run/fit", { search: "loss", last: 1 }))).toEqual(["LOSS 2"]);
      expect(texts(await store.logs.read("run/fit", { level: "warn" }))).toEqual(["loss NaN"]);
      expect(texts(await store.logs.read("run/fit", { level: "info" }))).toEqual(["Loss 3", "loss NaN", "LOSS 2"]);
    });

    test("of a task that says very much keep the first lines and the latest, and their numbers", async () => {
      const { store } = await started();
      await using _ = store;
      for (let batch = 0; batch < 30; batch++)
        await store.logs.append(Array.from({ length: 5_000 }, (_, i) => line(`${batch * 5_000 + i + 1}`)));
      const lines = await store.logs.read("run/fit");
      expect(lines.length).toBeLessThan(120_000);
      expect(lines[0]).toMatchObject({ number: 1, text: "1" });
      expect(lines.at(-1)).toMatchObject({ number: 150_000, text: "150000" });
      expect(lines.filter(({ number }) => number > 50_000)).toHaveLength(100_000);
      expect(lines.every(({ number, text }) => String(number) === text)).toBe(true);
      expect((await store.logs.read("run/fit", { last: 3 })).map(({ number }) => number)).toEqual([
        149_998, 149_999, 150_000,
      ]);
    });

    test("are followed: what was said in order of time, then what is said, of all that runs for a task", async () => {
      const { store } = await started();
      await using _ = store;
      await store.logs.append([line("second", { at: 2 }), line("third", { at: 3 })]);
      await store.logs.append([line("first", { task: "run", at: 1 })]);
      const heard: string[] = [];
      const waiting = new Set<() => void>();
      const until = (count: number) =>
        new Promise<void>((resolve) => {
          const look = () => heard.length >= count && waiting.delete(look) && resolve();
          waiting.add(look);
          look();
        });
      const stop = store.logs.follow(
        "run",
        (lines) => {
          heard.push(...texts(lines));
          for (const look of waiting) look();
        },
        { last: 2 },
      );
      await until(2);
      await store.logs.append([line("fourth")]);
      await until(3);
      stop();
      await store.logs.append([line("fifth")]);
      expect(heard).toEqual(["second", "third", "fourth"]);
    });
  });
}
