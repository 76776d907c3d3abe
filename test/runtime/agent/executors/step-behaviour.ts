/** What holds wherever a step runs: one suite for each executor of steps. */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { decode } from "../../../../src/model/value.ts";
import { createAgent } from "../../../../src/runtime/agent/agent.ts";
import type { Executor } from "../../../../src/runtime/ports.ts";
import { type TestRun, testRun } from "../run.ts";
import { bundleOf } from "../steps.ts";

/** Makes the executor for a run. */
export type MakeExecutor = (run: TestRun) => Executor;

/** A run of a module's steps, on an agent with that executor. */
export async function serve(
  make: MakeExecutor,
  source: string,
  { slots = 2 } = {},
): Promise<TestRun & { stop(): Promise<void>; kill(): void }> {
  const names = [...source.matchAll(/export (?:async )?(?:const|function) (\w+)/g)].map(([, name]) => name!);
  const run = await testRun(await bundleOf(source), [...names, "missing"]);
  const agent = createAgent({ store: run.store, queues: ["default"], slots, executors: [make(run)] });
  onTestFinished(() => agent.stop());
  await agent.start();
  return { ...run, stop: () => agent.stop({ drain: true }), kill: () => agent.kill() };
}

export async function outputOf(run: TestRun, task: string): Promise<unknown> {
  const { output } = await run.event(task, "completed");
  return output && decode("text" in output ? output.text : (await run.store.blobs.get(output.blob)).toString());
}

export function stepBehaviour(make: MakeExecutor): void {
  it("a step is called with its input and completes with what it returns", async () => {
    const run = await serve(make, "export const add = async ({ a, b }) => new Map([['sum', a + b]]);");
    expect(await outputOf(run, await run.start("add", { input: { a: 1, b: 2 } }))).toEqual(new Map([["sum", 3]]));
  });

  it("a step may take nothing and return nothing", async () => {
    const run = await serve(
      make,
      "export const nothing = async (...args) => { if (args.length > 0) throw new Error('given'); };",
    );
    const { output } = await run.event(await run.start("nothing"), "completed");
    expect(output).toBeUndefined();
  });

  it("a bundle finds the encoder of values that it does not carry", async () => {
    const run = await serve(
      make,
      `const { parse, stringify } = globalThis[Symbol.for("reprise.encoder")];
      export const copied = async (value) => parse(stringify(value));`,
    );
    const value = new Map([["sum", 3n]]);
    expect(await outputOf(run, await run.start("copied", { input: value }))).toEqual(value);
  });

  it("a large output is kept as a blob, and a large input fetched", async () => {
    const run = await serve(make, "export const double = async (s) => s + s;");
    const text = "é".repeat(40_000);
    const { output } = await run.event(await run.start("double", { input: text }), "completed");
    expect(output).toMatchObject({ blob: expect.stringMatching(/^sha256:/), bytes: expect.any(Number) });
    expect(await outputOf(run, "run/double")).toBe(text + text);
  });

  it("the context says what it is, and its reports reach the store", async () => {
    const run = await serve(
      make,
      `export async function fit() {
        const task = current();
        task.scalar("loss", "train", 0.5, 1);
        task.scalar("loss", "train", NaN, 2);
        task.progress(0.5);
        task.progress(7);
        await task.artifact("model", { depth: 3 });
        await task.artifact("raw", new Uint8Array([1, 2, 255]), { type: "image/png" });
        task.artifact("unawaited", "text");
        task.log("said", { by: "task" });
        return [task.id, task.name, task.attempt, task.signal.aborted];
      }`,
    );
    const fit = await run.start("fit");
    expect(await outputOf(run, fit)).toEqual([fit, "fit", 1, false]);
    expect(
      (await run.store.metrics.read(fit, "loss", "train")).map(({ value, iteration }) => [value, iteration]),
    ).toEqual([
      [0.5, 1],
      [Number.NaN, 2],
    ]);
    expect((await run.store.tasks.get(fit))!.progress).toBe(1);
    const artifacts = await run.store.artifacts.list(fit);
    expect(artifacts.map(({ name, type, preview, attempt }) => [name, type, preview, attempt])).toEqual([
      ["model", "application/json", '{\n "depth": 3\n}', 1],
      ["raw", "image/png", undefined, 1],
      ["unawaited", "text/plain", "text", 1],
    ]);
    expect([...(await run.store.blobs.get(artifacts[1]!.hash))]).toEqual([1, 2, 255]);
    await run.stop();
    expect((await run.store.logs.read(fit)).map(({ text }) => text)).toEqual(["said { by: 'task' }"]);
  });

  it("reports are there before the end is", async () => {
    const run = await serve(make, "export const fit = async () => { current().scalar('loss', 'train', 1, 1); };");
    const fit = await run.start("fit");
    await run.event(fit, "completed");
    const kinds = run.events.filter(({ task }) => task === fit).map(({ kind }) => kind);
    expect(kinds.indexOf("scalar")).toBeLessThan(kinds.indexOf("completed"));
  });

  it("a failure has the author's file, line and column, and no path of this machine", async () => {
    const run = await serve(
      make,
      `interface Only { typescript: string }

export async function bad(): Promise<Only> {
  return await deeper();
}
const deeper = async (): Promise<never> => {
  throw new RangeError("too deep", { cause: new TypeError("because") });
};`,
    );
    const { failure } = await run.event(await run.start("bad"), "failed");
    expect(failure).toMatchObject({ name: "RangeError", message: "too deep", at: "examples/steps/pipeline.ts:7:9" });
    expect(failure.stack).toMatch(
      /^RangeError: too deep\n {4}at deeper \(examples\/steps\/pipeline\.ts:7:9\)\n {4}at .*bad \(examples\/steps\/pipeline\.ts:4:16\)\n {4}… and \d+ more/,
    );
    expect(failure.cause).toMatchObject({ name: "TypeError", at: "examples/steps/pipeline.ts:7:45" });
    expect(JSON.stringify(failure)).not.toContain(run.folder);
    expect(JSON.stringify(failure)).not.toContain(process.cwd());
  });

  it("a step may throw at once, and anything", async () => {
    const run = await serve(
      make,
      `export const early = () => { throw new TypeError("early"); };
       export const text = async () => { throw "just text"; };
       export const nothing = async () => { throw undefined; };`,
    );
    expect((await run.event(await run.start("early"), "failed")).failure).toMatchObject({
      name: "TypeError",
      message: "early",
    });
    expect((await run.event(await run.start("text"), "failed")).failure).toEqual({
      name: "Error",
      message: "just text",
    });
    expect((await run.event(await run.start("nothing"), "failed")).failure).toEqual({
      name: "Error",
      message: "undefined",
    });
  });

  it("an output that cannot be passed on fails, and the message names the step and the place", async () => {
    const run = await serve(make, "export const fit = async () => ({ model: { predict: () => 1 } });");
    const { failure } = await run.event(await run.start("fit"), "failed");
    expect(failure.name).toBe("ValueError");
    expect(failure.message).toMatch(/^the output of step "fit" \(at \.model\.predict\) cannot be passed between steps/);
  });

  it("a module that does not load, or lacks the step, fails in a sentence", async () => {
    const run = await serve(
      make,
      "export const fit = async () => {};\nconst broken = (() => { throw new RangeError('at the top'); })();",
    );
    const { failure } = await run.event(await run.start("fit"), "failed");
    expect(failure).toMatchObject({
      name: "RangeError",
      message: 'the module of step "fit" does not load: at the top',
      at: "examples/steps/pipeline.ts:2:31",
    });
    const other = await serve(make, "export const fit = async () => {};");
    expect((await other.event(await other.start("missing"), "failed")).failure.message).toBe(
      'the bundle of step "missing" exports no function "missing": compile the pipeline again',
    );
  });

  it("console lines are the task's own, also when steps run at the same time", async () => {
    const run = await serve(
      make,
      `export async function talk({ me }) {
        for (let n = 0; n < 3; n++) {
          console.log(me, "says\\nline", n);
          console.error("%s warns", me);
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      }`,
    );
    const tasks = await Promise.all(["a", "b"].map((me) => run.start("talk", { path: me, input: { me } })));
    for (const task of tasks) await run.event(task, "completed");
    await run.stop();
    for (const me of ["a", "b"]) {
      const lines = await run.store.logs.read(`run/${me}`);
      expect(lines.filter(({ stream }) => stream === "stdout").map(({ text }) => text)).toEqual(
        [0, 1, 2].flatMap((n) => [`${me} says`, `line ${n}`]),
      );
      expect(lines.filter(({ stream }) => stream === "stderr").map(({ text }) => text)).toEqual(
        Array(3).fill(`${me} warns`),
      );
      expect(lines.every(({ attempt }) => attempt === 1)).toBe(true);
    }
  });

  it("a failed step's log is complete when its failure is known", async () => {
    const run = await serve(
      make,
      "export const bad = async () => { console.log('last words'); throw new Error('no'); };",
    );
    const bad = await run.start("bad");
    await run.event(bad, "failed");
    expect((await run.store.logs.read(bad)).map(({ text }) => text)).toEqual(["last words"]);
  });

  it("an aborted step hears it by its signal", async () => {
    const run = await serve(
      make,
      `export const wait = () => new Promise((resolve, reject) => {
        const { signal } = current();
        signal.addEventListener("abort", () => { console.log("heard", signal.reason.name); reject(signal.reason); });
        current().progress(0.5);
      });`,
    );
    const wait = await run.start("wait");
    await run.event(wait, "progress");
    await run.abort(wait);
    await run.event(wait, "aborted");
    await run.stop();
    expect((await run.store.logs.read(wait)).map(({ text }) => text)).toEqual(["heard AbortError"]);
  });

  it("a step past its time limit fails, and the pipeline's author reads the limit", async () => {
    const run = await serve(
      make,
      "export const wait = () => new Promise((resolve) => current().signal.addEventListener('abort', resolve));",
    );
    const { failure } = await run.event(await run.start("wait", { options: { timeLimitMs: 50 } }), "failed");
    expect(failure).toEqual({ name: "TimeLimitError", message: "the step ran longer than its time limit of 50 ms" });
  });

  it("retries are attempts of their own, with logs of their own", async () => {
    const run = await serve(
      make,
      `export const flaky = async () => {
        const { attempt } = current();
        console.log("attempt", attempt);
        if (attempt < 3) throw new Error("not yet");
        return attempt;
      };`,
    );
    const flaky = await run.start("flaky", { options: { retry: { limit: 2, delayMs: 1, factor: 2, maxDelayMs: 10 } } });
    expect(await outputOf(run, flaky)).toBe(3);
    await run.stop();
    expect((await run.store.logs.read(flaky)).map(({ attempt, text }) => [attempt, text])).toEqual([
      [1, "attempt 1"],
      [2, "attempt 2"],
      [3, "attempt 3"],
    ]);
    expect((await run.store.tasks.attempts(flaky)).map(({ outcome }) => outcome)).toEqual([
      "failed",
      "failed",
      "completed",
    ]);
  });

  it("artifacts go out in every kind and come back in by reference", async () => {
    const run = await serve(
      make,
      `import { mkdtemp, readFile, writeFile } from "node:fs/promises";
       import { tmpdir } from "node:os";
       import { join } from "node:path";
       const place = () => mkdtemp(join(tmpdir(), "reprise-step-"));
       export const give = async () => {
         const task = current();
         const folder = await place();
         await writeFile(join(folder, "a.txt"), "in a file");
         async function* lines() { for (let i = 0; i < 3; i++) yield "line " + i + "\\n"; }
         return {
           text: await task.artifact("text", "größe", { metadata: { unit: "cm" } }),
           json: await task.artifact("data/large.json", { text: "x".repeat(300_000) }),
           file: await task.artifact("file", join(folder, "a.txt"), { kind: "file" }),
           folder: await task.artifact("folder", folder, { kind: "folder" }),
           table: await task.artifact("table", [{ a: 1 }], { kind: "table" }),
           stream: await task.artifact("stream", lines(), { type: "text/plain" }),
         };
       };
       export const take = async (given) => {
         const task = current();
         const again = await task.artifact("again", given.file);
         const folder = await given.folder.folder(join(await place(), "out"));
         const copy = await given.text.file(join(await place(), "copy.txt"));
         const pieces = [];
         for await (const piece of given.stream.stream()) pieces.push(piece.toString());
         return [
           await given.text.text(), given.text.metadata.unit, await readFile(copy, "utf8"),
           (await given.json.json()).text.length, (await again.buffer()).toString(), again.task,
           await readFile(join(folder, "a.txt"), "utf8"), await given.folder.entries(),
           await given.table.json(), pieces.join(""), await (await task.artifactOf(given.text.task, "text")).text(),
           (await task.artifactOf(given.text.task, "none")) === undefined,
         ];
       };`,
    );
    const given = await outputOf(run, await run.start("give"));
    expect(await outputOf(run, await run.start("take", { input: given }))).toEqual([
      ...["größe", "cm", "größe", 300_000, "in a file", "run/take"],
      ...["in a file", [{ path: "a.txt", bytes: 9 }]],
      ...[[{ a: 1 }], "line 0\nline 1\nline 2\n", "größe", true],
    ]);
    await run.stop();
    expect(await readdir(run.store.blobs.spool)).toEqual([]);
    const [file, again] = [
      await run.store.artifacts.find("run/give", "file"),
      await run.store.artifacts.find("run/take", "again"),
    ];
    expect(again).toMatchObject({ hash: file!.hash, bytes: 9, kind: "file", type: "text/plain" });
  });

  it("an upload that fails is the author's to catch, and nobody waits for it", async () => {
    const run = await serve(
      make,
      `async function* broken() { yield "some"; throw new RangeError("half way"); }
       export const give = async () => {
         const errors = [];
         const attempt = (...given) => current().artifact(...given).catch((error) => errors.push(error.message));
         await attempt("broken", broken());
         await attempt("../up", "x");
         await attempt("none", "/no/such/file", { kind: "file" });
         return [errors, (await current().artifactOf(current().id, "broken")) === undefined];
       };`,
    );
    expect(await outputOf(run, await run.start("give"))).toEqual([
      [
        "half way",
        '"../up" cannot name an artifact: between slashes, nothing, "." and ".." lead elsewhere',
        'the artifact "none": /no/such/file cannot be read (ENOENT)',
      ],
      true,
    ]);
    await run.stop();
    expect(await run.store.artifacts.list("run/give")).toEqual([]);
    expect(await readdir(run.store.blobs.spool)).toEqual([]);
  });

  it("a reader waits for another task's upload that is under way", async () => {
    const run = await serve(
      make,
      `async function* gated(path) {
         const { existsSync, watch } = await import("node:fs");
         const { dirname } = await import("node:path");
         yield "first, ";
         current().progress(0.5);
         const there = Promise.withResolvers();
         const watcher = watch(dirname(path), () => existsSync(path) && there.resolve());
         if (existsSync(path)) there.resolve();
         await there.promise;
         watcher.close();
         yield "second";
       }
       export const give = async ({ path }) => void (await current().artifact("slow", gated(path), { type: "text/plain" }));
       export const take = async () => {
         current().progress(0.1);
         return (await current().artifactOf("run/give", "slow")).text();
       };`,
    );
    const path = join(run.folder, "go");
    const give = await run.start("give", { input: { path } });
    await run.event(give, "progress");
    const take = await run.start("take");
    await run.event(take, "progress");
    expect(await run.store.artifacts.list(give)).toEqual([]);
    await writeFile(path, "");
    expect(await outputOf(run, take)).toBe("first, second");
  });

  it("models, plots, texts and single values are kept; what is none of them is refused", async () => {
    const run = await serve(
      make,
      `export const fit = async () => {
         const task = current();
         const old = await task.model("tree", "old", { framework: "cart", labels: ["yes", "no"] });
         await task.model("other", { depth: 1 });
         await task.model("tree", "new", { framework: "cart" });
         await task.model("base", old, { role: "input", framework: "cart" });
         task.single("accuracy", 0.5);
         task.single("accuracy", 0.75);
         task.plot("loss", { data: { values: [{ x: 1 }] }, mark: "line" }, 3);
         task.text("summary", "# Fine");
         const errors = [];
         for (const bad of [
           () => task.plot("loss", { data: {} }),
           () => task.plot("loss", { $schema: "https://vega.github.io/schema/vega/v5.json", mark: "bar" }),
           () => task.plot("loss", { mark: "bar", data: { values: "x".repeat(2_000_000) } }),
           () => task.text("loss", 3),
           () => task.scalar("loss", "train", "3", 1),
         ]) try { bad(); } catch (error) { errors.push(error.message); }
         return errors;
       };`,
    );
    const fit = await run.start("fit");
    const errors = (await outputOf(run, fit)) as string[];
    expect(errors[0]).toMatch(/^plot\("loss"\): a Vega-Lite specification has one of mark, layer/);
    expect(errors[1]).toMatch(/plots are Vega-Lite specifications$/);
    expect(errors[2]).toMatch(/it has 1\.9 MB, and may have 1\. Draw fewer points/);
    expect(errors[3]).toMatch(/a text is a string of Markdown, not number/);
    expect(errors[4]).toMatch(/the value is string, not a number/);
    await run.stop();
    const models = (await run.store.artifacts.list(fit)).map(({ name, role, model }) => [name, role, model]);
    expect(models).toEqual([
      ["other", "output", {}],
      ["tree", "output", { framework: "cart" }],
      ["base", "input", { framework: "cart" }],
    ]);
    expect(await run.store.metrics.summaries(fit)).toMatchObject([
      { title: "Summary", series: "accuracy", last: 0.75 },
    ]);
    expect((await run.store.figures.list(fit)).map(({ kind, title, iteration }) => [kind, title, iteration])).toEqual([
      ["plot", "loss", 3],
      ["text", "summary", 0],
    ]);
  });

  it("what is reported on the pipeline, and what is monitored, is the pipeline's too", async () => {
    const run = await serve(
      make,
      `export const fit = async () => {
         const task = current();
         for (let i = 1; i <= 3; i++) task.scalar("loss", "train", 4 - i, i);
         task.scalar("time", "step", 1, 1);
         task.pipeline.scalar("whole", "turns", 7, 1);
         task.pipeline.text("report", "by a step");
         await task.pipeline.artifact("overview", "by a step");
         await task.artifact("a.json", { a: 1 });
         await task.artifact("b.txt", "b");
         await task.model("tree", "tree");
       };`,
    );
    const monitor = { metrics: [["loss/*", "best/*"]], artifacts: ["*.json"], models: [["*", "best *"]] } as const;
    const fit = await run.start("fit", { options: { monitor } });
    await run.event(fit, "completed");
    await run.stop();
    const series = (await run.store.metrics.summaries("run")).map(({ title, series, last, max, count }) => [
      title,
      series,
      last,
      max,
      count,
    ]);
    expect(series).toEqual([
      ["best", "train", 1, 3, 3],
      ["whole", "turns", 7, 7, 1],
    ]);
    expect((await run.store.artifacts.list("run")).map(({ name }) => name)).toEqual([
      "overview",
      "a.json",
      "best tree",
    ]);
    expect(await run.store.figures.list("run")).toMatchObject([{ kind: "text", title: "report" }]);
    expect((await run.store.metrics.summaries(fit)).map(({ title }) => title)).toEqual(["loss", "time"]);
  });

  it("lines have the levels of the console's methods, also many at once, and colors", async () => {
    const run = await serve(
      make,
      `export const speak = async () => {
         console.log("plain");
         console.debug("small");
         console.warn("careful\\ntwice");
         console.error("\\u001b[31mred\\u001b[39m");
       };`,
    );
    const speak = await run.start("speak");
    await run.event(speak, "completed");
    await run.stop();
    const lines = (await run.store.logs.read(speak)).map(({ stream, level, text }) => [stream, level, text]);
    expect(lines.filter(([stream]) => stream === "stdout")).toEqual([
      ["stdout", undefined, "plain"],
      ["stdout", "debug", "small"],
    ]);
    expect(lines.filter(([stream]) => stream === "stderr")).toEqual([
      ["stderr", "warn", "careful"],
      ["stderr", "warn", "twice"],
      ["stderr", "error", "\u001b[31mred\u001b[39m"],
    ]);
  });

  it("a step with too many series fails where it reports one more, and says how to mend it", async () => {
    const run = await serve(
      make,
      "export const many = async () => { for (let i = 0; ; i++) current().scalar('loss', 's' + i, 1, 1); };",
    );
    const { failure } = await run.event(await run.start("many"), "failed");
    expect(failure).toMatchObject({ name: "LimitError" });
    expect(failure.message).toMatch(
      /^scalar\("loss", "s2000"\): a task keeps at most 2,000 series\. Give what changes/,
    );
  });

  it("a hundred thousand points of one series cost a step little, and all of them are kept", async () => {
    const run = await serve(
      make,
      `export const measure = async () => {
         const began = performance.now();
         for (let i = 0; i < 100_000; i++) current().scalar("loss", "train", Math.sin(i), i);
         return performance.now() - began;
       };`,
    );
    const measure = await run.start("measure");
    expect(await outputOf(run, measure)).toBeLessThan(5_000);
    expect(await run.store.metrics.summaries(measure)).toMatchObject([{ count: 100_000, last: Math.sin(99_999) }]);
    expect(await run.store.metrics.read(measure, "loss", "train", { points: 200 })).toHaveLength(200);
  });
}
