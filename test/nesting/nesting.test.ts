/** Pipelines that call pipelines: runs of runs, on a real store with real agents. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastValueFrom } from "rxjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";
import { type OpenOptions, open, type Reprise, type RunState } from "../../src/open.ts";
import { alone } from "./alone.ts";
import * as plain from "./fixtures/pipelines.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-nesting-"));
let all: Pipeline;
beforeAll(async () => {
  all = (await compile(join(import.meta.dirname, "fixtures/pipelines.ts"), { pipeline: "all" })).pipeline;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let stores = 0;
const inline = (options: OpenOptions = {}) =>
  open({ store: join(folder, String(++stores)), isolation: "inline", ...options });
const start = (reprise: Reprise, name: string, params?: object) => reprise.start(alone(all, name), params, { id: "r" });

const statuses = async (reprise: Reprise) =>
  Object.fromEntries((await reprise.store.tasks.list({ run: "r" })).map(({ id, status }) => [id, status]));
const running = async (reprise: Reprise, ...tasks: string[]) => {
  for (const task of tasks)
    await expect.poll(async () => (await reprise.store.tasks.get(task))?.status).toBe("running");
};

describe("a run of runs", () => {
  test("fifty deep finishes with one slot, which no pipeline holds while it waits", async () => {
    await using reprise = await inline({ slots: 1 });
    const run = await start(reprise, "countdown", { n: 50 });
    expect(await run.result()).toBe(51);
    const tasks = await reprise.store.tasks.list({ run: "r" });
    expect(tasks.map(({ status }) => status)).toEqual(tasks.map(() => "completed"));
    expect(tasks).toHaveLength(102);
    expect(await plain.countdown({ n: 50 })).toBe(51);
  });

  test("finishes too where pipelines and steps share their queue and its one slot", async () => {
    for (const options of [
      { slots: 1 },
      { agents: [{ queues: ["default"], slots: 1, isolation: "inline" as const }] },
    ]) {
      await using reprise = await inline(options);
      expect(await (await start(reprise, "mixed")).result()).toEqual([2, 3, 4, 5]);
    }
  });

  test("finishes where agents serve all runs of a store", async () => {
    await using reprise = await inline({ agents: [{ slots: 1, isolation: "inline" }] });
    expect(await (await start(reprise, "countdown", { n: 12 })).result()).toBe(13);
  });
});

describe("a failure in a run that was called", () => {
  test("fails its callers, and names its step by the whole path and its place in the source", async () => {
    await using reprise = await inline();
    const outcome = await (await start(reprise, "uncaught")).outcome();
    expect(outcome).toMatchObject({
      status: "failed",
      failure: {
        name: "RangeError",
        message: "no 3",
        step: "outer/loop1[1]/inner/fail",
        at: expect.stringMatching(/test\/nesting\/fixtures\/pipelines\.ts:6:\d+$/),
      },
    });
    expect(await statuses(reprise)).toMatchObject({ "r/outer": "failed", "r/outer/loop1[1]/inner": "failed" });
    await expect(plain.uncaught()).rejects.toThrow(new RangeError("no 3"));
  });

  test("can be caught by whoever called it", async () => {
    await using reprise = await inline();
    const result = await (await start(reprise, "caught")).result();
    expect(result).toEqual({ name: "RangeError", message: "no 3", next: 2 });
    expect(result).toEqual(await plain.caught());
  });
});

describe("aborting", () => {
  const everything = [
    "r",
    "r/waits_below",
    "r/waits_below/waits",
    "r/waits_below/endless",
    "r/waits_below/waits/endless",
  ];

  test("a run aborts the runs that it called, at any depth, and tells their steps", async () => {
    await using reprise = await inline({ slots: 4 });
    const run = await start(reprise, "waiting");
    await running(reprise, ...everything, "r/waits_below/waits/endless2");
    await run.abort("enough");
    expect(await run.outcome()).toEqual({ status: "aborted", reason: "enough" });
    expect(new Set(Object.values(await statuses(reprise)))).toEqual(new Set(["aborted"]));
  });

  test("the loser of a race ends with the pipeline, and everything that it called with it", async () => {
    await using reprise = await inline({ slots: 5 });
    const run = await start(reprise, "raced");
    expect(await run.result()).toEqual({ first: 2, second: 3 });
    const { r, "r/first": first, "r/second": second, "r/inc": inc, ...others } = await statuses(reprise);
    expect(r).toBe("completed");
    expect([first, inc, second]).toContain("completed");
    expect(new Set(Object.values(others))).toEqual(new Set(["aborted"]));
  });

  test("a run that was called is an error to its caller", async () => {
    await using reprise = await inline({ slots: 4 });
    const run = await start(reprise, "waiting");
    await running(reprise, ...everything);
    await (await reprise.attach("r/waits_below")).abort("by hand");
    const failure = { name: "AbortedError", message: "by hand", step: "waits_below" };
    expect(await run.outcome()).toMatchObject({ status: "failed", failure });
  });
});

describe("a pipeline that is retried", () => {
  test("makes a fresh attempt each time, and what the ones before it have done stays to be seen", async () => {
    await using reprise = await inline({ slots: 1 });
    const run = await start(reprise, "persistent", { key: "alone" });
    expect(await run.result()).toEqual({ first: 2, calls: 3 });
    const calls = ["first", "loop1[1]/inc", "loop1[2]/inc"];
    const { r, ...tasks } = await statuses(reprise);
    expect(r).toBe("completed");
    expect(tasks).toEqual({
      ...Object.fromEntries(["", "[2]/", "[3]/"].flatMap((n) => calls.map((call) => [`r/${n}${call}`, "completed"]))),
      ...{ "r/calls": "failed", "r/[2]/calls": "failed", "r/[3]/calls": "completed" },
    });
    const attempts = await reprise.store.tasks.attempts("r");
    expect(attempts.map(({ outcome, failure }) => `${outcome} ${failure?.message ?? ""}`.trim())).toEqual([
      "failed not yet (1)",
      "failed not yet (2)",
      "completed",
    ]);
    const state: RunState = await lastValueFrom(run.state$);
    expect([state.attempt, state.failures]).toEqual([3, 2]);
    expect(Object.keys(state.body.entries)).toEqual(["first", "loop1[]", "calls", "[]"]);
  });

  test("does so where another one calls it", async () => {
    await using reprise = await inline({ slots: 1 });
    const run = await start(reprise, "patient", { key: "called" });
    expect(await run.result()).toEqual({ calls: 3 });
    const flaky = Object.entries(await statuses(reprise)).filter(([id]) => id.endsWith("calls"));
    expect(flaky).toEqual([
      ["r/persistent/calls", "failed"],
      ["r/persistent/[2]/calls", "failed"],
      ["r/persistent/[3]/calls", "completed"],
    ]);
  });
});

test("params that a step's type was wrong about fail at the call, which the error names", async () => {
  await using reprise = await inline({ slots: 1 });
  const outcome = await (await start(reprise, "misinformed")).outcome();
  expect(outcome).toMatchObject({
    status: "failed",
    failure: {
      name: "ParamsError",
      message: 'wrong params of the pipeline "countdown": "n": expected a number, got "many"',
      at: expect.stringMatching(/fixtures\/pipelines\.ts:\d+:\d+$/),
      step: "result",
    },
  });
  expect(Object.keys(await statuses(reprise))).toEqual(["r", "r/given"]);
});

describe("recursion without end", () => {
  test("fails a hundred runs deep, and the error names the bound and the chain", async () => {
    await using reprise = await inline({ slots: 1 });
    const outcome = await (await start(reprise, "unbounded", { n: 1 })).outcome();
    expect(outcome).toMatchObject({ status: "failed", failure: { name: "RangeError" } });
    const { message } = (outcome as { failure: Error }).failure;
    expect(message).toBe(
      'the pipeline "unbounded" would run 101 pipelines deep (unbounded → unbounded → unbounded → … → unbounded → unbounded → unbounded), ' +
        "and 100 is the most: end the recursion earlier, or loop in one body",
    );
    expect(await reprise.store.tasks.list({ run: "r" })).toHaveLength(100);
    await expect(plain.unbounded({ n: 1 })).rejects.toThrow(new RangeError(message));
  });

  test("of pipelines that call each other can be caught, with the words of a plain call", async () => {
    await using reprise = await inline({ slots: 1 });
    const result = await (await start(reprise, "mutual")).result();
    expect(result).toMatch(
      /^RangeError: the pipeline "p.ng" would run 101 pipelines deep \(mutual → ping → pong → … → /,
    );
    expect(result).toBe(await plain.mutual());
  });
});

describe("looking on", () => {
  test("the state of a run holds those of the runs that it called, and counts them all", async () => {
    await using reprise = await inline();
    const state: RunState = await lastValueFrom((await start(reprise, "uncaught")).state$);
    expect(state.counts).toMatchObject({ completed: 2, failed: 3 });
    const called = (region: RunState["body"], key: string) => {
      const entry = region.entries[key];
      return entry?.kind === "task" ? entry.called : undefined;
    };
    const outer = called(state.body, "outer");
    expect(outer?.counts).toMatchObject({ completed: 2, failed: 2 });
    expect(Object.keys(outer?.body.entries ?? {})).toEqual(["loop1[]"]);
    expect(outer?.body.open).toBe(0);
  });

  test("a run that was called can be attached to, but only the whole can be gone on with", async () => {
    await using reprise = await inline();
    await (await start(reprise, "caught")).result();
    const called = await reprise.attach("r/outer");
    expect(await called.outcome()).toMatchObject({ status: "failed", failure: { step: "loop1[1]/inner/fail" } });
    const state = await lastValueFrom(called.state$);
    expect([state.name, state.status, Object.keys(state.body.entries)]).toEqual(["outer", "failed", ["loop1[]"]]);
    await expect(reprise.resume("r/outer")).rejects.toThrow(
      "the run r/outer was called by r: resume r, and it goes on too",
    );
  });
});
