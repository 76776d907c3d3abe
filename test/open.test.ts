import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastValueFrom } from "rxjs";
import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import hello from "../examples/hello/pipeline.ts";
import type { JsonSchema } from "../src/model/template.ts";
import { ConflictError, type OpenOptions, open, ParamsError, type Reprise, type Run } from "../src/open.ts";
import * as p from "./runtime/controller/programs.ts";

const folders: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), "reprise-open-"));
  folders.push(folder);
  return folder;
};
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const inline = async (options: OpenOptions = {}) => open({ store: await newFolder(), isolation: "inline", ...options });

const v = p.variable;
const max: JsonSchema = { type: "object", properties: { max: { type: "number" } }, required: ["max"] };

/** `while (x < max) x = await inc({ n: x })`. */
const counter = (step = "async ({ n }) => n + 1") =>
  p.pipelineOf(
    { inc: step },
    [
      p.declare("x", 0, "let"),
      p.loop("again", p.binary(v("x"), "<", p.member(v("params"), "max")), [
        p.call("inc", p.object({ n: v("x") }), "next"),
        p.wait(v("next"), "y"),
        p.assign("x", v("y")),
      ]),
      p.returns(p.object({ x: v("x") })),
    ],
    { name: "counter", params: max },
  );

/** `Promise.all(Array.from({ length: max }, async (_, n) => await double({ n })))`. */
const fanOut = p.pipelineOf(
  { double: "async ({ n }) => 2 * n" },
  [
    p.declare("promises", p.array(), "const"),
    p.declare("n", 0, "let"),
    p.loop("spread", p.binary(v("n"), "<", p.member(v("params"), "max")), [
      p.call("double", p.object({ n: v("n") }), "one"),
      { kind: "let", id: "push", value: p.apply(v("promises"), "push", v("one")) },
      p.assign("n", p.binary(v("n"), "+", 1)),
    ]),
    p.wait(
      { kind: "apply", callee: p.member({ kind: "global", name: "Promise" }, "all"), args: [v("promises")] },
      "all",
    ),
    p.returns(v("all")),
  ],
  { params: max },
);

/** A promise that a step waits for until its signal tells it to end. */
const untilAborted = `new Promise((_, reject) => {
  const { signal } = globalThis[Symbol.for("reprise.stepContext")].getStore();
  signal.addEventListener("abort", () => reject(signal.reason));
})`;

const waiting = p.pipelineOf({ wait: `() => ${untilAborted}` }, [
  p.call("wait", undefined, "forever"),
  p.wait(v("forever")),
]);

const running = async (reprise: Reprise, task: string) =>
  expect.poll(async () => (await reprise.store.tasks.get(task))?.status).toBe("running");

describe("a run", () => {
  test("goes round a loop a thousand times", async () => {
    await using reprise = await inline();
    const run = await reprise.start(counter(), { max: 1_000 });
    expect(await run.result()).toEqual({ x: 1_000 });
    expect(await run.status()).toBe("completed");
  });

  test("fans out to two hundred steps, and keeps their order", async () => {
    await using reprise = await inline();
    const run = await reprise.start(fanOut, { max: 200 });
    expect(await run.result()).toEqual(Array.from({ length: 200 }, (_, n) => 2 * n));
  });

  test("runs its steps in forked processes unless told otherwise", async () => {
    await using reprise = await open({ store: await newFolder() });
    const pipeline = p.pipelineOf({ pid: "async () => process.pid" }, [
      p.call("pid", undefined, "pid"),
      p.wait(v("pid"), "of"),
      p.returns(v("of")),
    ]);
    const pid = await (await reprise.start(pipeline)).result();
    expect(pid).toEqual(expect.any(Number));
    expect(pid).not.toBe(process.pid);
  });

  test("of a pipeline from source is compiled, and typed", async () => {
    await using reprise = await inline();
    const run = await reprise.start(hello, { name: "you" });
    expectTypeOf(run).toEqualTypeOf<Run<{ greeting: string }>>();
    expect(await run.result()).toEqual({ greeting: "Hello, you!" });
    const file = new URL("../examples/hello/pipeline.ts", import.meta.url).pathname;
    expect(await (await reprise.start({ file }, {})).result()).toEqual({ greeting: "Hello, world!" });
    expect(await (await reprise.start(hello)).result()).toEqual({ greeting: "Hello, world!" });
    // @ts-expect-error: wrong params are type errors
    await expect(reprise.start(hello, { name: 3 })).rejects.toThrow('"name": expected a string, got 3');
  });

  test("shows its state while it runs, up to the one in which it has ended", async () => {
    await using reprise = await inline();
    const run = await reprise.start(counter(), { max: 3 });
    const last = await lastValueFrom(run.state$);
    expect(last).toMatchObject({ run: run.id, name: "counter", status: "completed", counts: { completed: 3 } });
  });

  test("that failed rejects with the pipeline's error, which says where it came from", async () => {
    await using reprise = await inline();
    const failing = counter('async ({ n }) => { if (n === 2) throw new RangeError("too far"); return n + 1; }');
    const run = await reprise.start(failing, { max: 5 });
    const error = await run.result().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: "too far" });
    expect((error as Error).stack).toMatch(/^RangeError: too far\n.*\n {4}in step again\[3\]\/inc$/s);
    expect(await run.outcome()).toMatchObject({
      status: "failed",
      failure: { name: "RangeError", step: "again[3]/inc" },
    });
  });

  test("can be aborted, and says why", async () => {
    await using reprise = await inline();
    const run = await reprise.start(waiting);
    await running(reprise, `${run.id}/wait`);
    expect(await run.abort("changed my mind")).toBe(true);
    await expect(run.result()).rejects.toMatchObject({ name: "AbortedError", message: "changed my mind" });
    expect(await run.abort()).toBe(false);
    expect((await reprise.store.tasks.get(`${run.id}/wait`))?.status).toBe("aborted");
  });

  test("past the time limit of its pipeline fails, and what still runs is aborted", async () => {
    await using reprise = await inline();
    const run = await reprise.start({ ...waiting, options: { ...waiting.options, timeLimitMs: 150 } });
    await expect(run.result()).rejects.toMatchObject({ name: "TimeLimitError" });
    expect((await reprise.store.tasks.get(`${run.id}/wait`))?.status).toBe("aborted");
  });

  test("that is named is joined by whoever starts it again, unless with other params", async () => {
    await using reprise = await inline();
    const first = await reprise.start(counter(), { max: 2 }, { id: "mine" });
    const second = await reprise.start(counter(), { max: 2 }, { id: "mine" });
    expect(await Promise.all([first.result(), second.result()])).toEqual([{ x: 2 }, { x: 2 }]);
    expect(await (await reprise.start(counter(), { max: 2 }, { id: "mine" })).result()).toEqual({ x: 2 });
    expect(await reprise.store.tasks.list({ topLevel: true })).toHaveLength(1);
    await expect(reprise.start(counter(), { max: 3 }, { id: "mine" })).rejects.toBeInstanceOf(ConflictError);
    await expect(reprise.start(counter(), { max: 3 }, { id: "a/b" })).rejects.toThrow('"a/b" cannot name a run');
  });
});

describe("nothing is enqueued", () => {
  test("with params that do not fit", async () => {
    await using reprise = await inline();
    await expect(reprise.start(counter(), { mx: 3 })).rejects.toBeInstanceOf(ParamsError);
    expect(await reprise.store.tasks.list({ topLevel: true, templates: true })).toEqual([]);
  });

  test("of an ordinary function, or of JSON that is no pipeline or was changed", async () => {
    await using reprise = await inline();
    await expect(reprise.start(async () => 1)).rejects.toThrow("declare it with pipeline(…)");
    await expect(reprise.start({ format: 1 } as never)).rejects.toThrow("this is no pipeline JSON");
    const changed = structuredClone(counter());
    Object.values(changed.bundles)[0]!.code += "// changed";
    await expect(reprise.start(changed, { max: 1 })).rejects.toThrow("does not match its hash");
    expect(await reprise.store.tasks.list({ topLevel: true, templates: true })).toEqual([]);
  });
});

describe("a run whose process has ended", () => {
  test("is resumed, and no completed step is executed again", async () => {
    const store = await newFolder();
    const ran = join(store, "ran");
    const step = `async ({ n }) => {
      const { appendFileSync } = await import("node:fs");
      appendFileSync(${JSON.stringify(ran)}, n + "\\n");
      if (n === 3 && !process.env.REPRISE_TEST_GO_ON) await ${untilAborted};
      return n + 1;
    }`;
    const before = await open({ store, isolation: "inline" });
    const run = await before.start(counter(step), { max: 6 });
    const result = run.result().catch((error: unknown) => error);
    await running(before, `${run.id}/again[4]/inc`);
    await expect.poll(() => readFile(ran, "utf8")).toBe("0\n1\n2\n3\n");
    process.env.REPRISE_TEST_GO_ON = "1";
    await before.close();
    expect(await result).toMatchObject({ name: "StoreError", message: expect.stringContaining("it can be resumed") });
    await using after = await open({ store, isolation: "inline" });
    expect(await (await after.resume(run.id)).result()).toEqual({ x: 6 });
    delete process.env.REPRISE_TEST_GO_ON;
    expect(await readFile(ran, "utf8")).toBe("0\n1\n2\n3\n3\n4\n5\n");
  });

  test("or that has ended itself is resumed to its outcome", async () => {
    await using reprise = await inline();
    const { id } = await reprise.start(counter(), { max: 1 });
    await (await reprise.attach(id)).result();
    expect(await (await reprise.resume(id)).result()).toEqual({ x: 1 });
  });

  test("or that never was is answered with a sentence", async () => {
    await using reprise = await inline();
    await reprise.start(counter(), { max: 1 }, { id: "nightly" });
    await expect(reprise.resume("nigthly")).rejects.toThrow('there is no run "nigthly" in the store');
    await expect(reprise.attach("nigthly")).rejects.toThrow('did you mean "nightly"?');
  });
});

describe("agents", () => {
  test("of another program run what is enqueued for them", async () => {
    const store = await newFolder();
    await using enqueues = await open({ store, agents: [] });
    const run = await enqueues.start(counter(), { max: 3 });
    expect(await run.status()).toBe("queued");
    await using serves = await open({ store, agents: [{ slots: 1, isolation: "inline" }] });
    expect(await run.result()).toEqual({ x: 3 });
    expect(await serves.store.queue.agents()).toHaveLength(2);
  });

  test("with one slot serve several runs at once", async () => {
    await using reprise = await inline({
      agents: [{ queues: ["services", "default"], slots: 1, isolation: "inline" }],
    });
    const runs = await Promise.all([1, 2, 3, 4].map((most) => reprise.start(counter(), { max: most })));
    expect(await Promise.all(runs.map((run) => run.result()))).toEqual([1, 2, 3, 4].map((x) => ({ x })));
  });

  test("of a run are gone when it has ended", async () => {
    await using reprise = await inline();
    await (await reprise.start(counter(), { max: 1 })).result();
    await expect.poll(() => reprise.store.queue.agents()).toEqual([]);
  });
});

test("a store that is neither a folder nor a hub is refused with a sentence", async () => {
  await expect(open({ store: "postgres://localhost/tasks" })).rejects.toThrow(
    "is neither a folder nor the address of a hub",
  );
});
