/** What holds wherever a step runs: one suite for each executor of steps. */
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
        return [task.id, task.name, task.attempt, task.idempotencyKey, task.signal.aborted];
      }`,
    );
    const fit = await run.start("fit");
    expect(await outputOf(run, fit)).toEqual([fit, "fit", 1, fit, false]);
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
}
