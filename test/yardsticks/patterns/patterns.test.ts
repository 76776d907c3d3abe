/**
 * The workflow control-flow patterns ("Workflow Control-Flow Patterns: A Revised View"), each as a pipeline that runs: compiled from source, on a real
 * store. Arbitrary cycles (10) and the general synchronizing merge (38) are left out on purpose: structured code has no need of them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../../src/compiler/compile.ts";
import type { Event } from "../../../src/model/event.ts";
import { open, type Reprise, type Run } from "../../../src/open.ts";

let folder: string;
let reprise: Reprise;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-patterns-"));
  reprise = await open({ store: folder, isolation: "inline", slots: 16 });
});
afterAll(async () => {
  await reprise.close();
  await rm(folder, { recursive: true, force: true });
});

type Start = (params?: unknown) => Promise<Run<unknown>>;

/** A test of the pipeline of that name in `<file>.ts`. */
const patternsOf = (file: string) => (name: string, check: (start: Start) => Promise<void>) =>
  test(name, async () => {
    const { pipeline } = await compile(join(import.meta.dirname, `${file}.ts`), { pipeline: name });
    await check((params) => reprise.start(pipeline, params));
  });

const resultOf = async (run: Promise<Run<unknown>>): Promise<unknown> => (await run).result();

const eventsOf = ({ id }: Run<unknown>): Promise<Event[]> => reprise.store.events.read(id, 0);

/** Path → status, of the run's tasks. */
async function tasksOf({ id }: Run<unknown>): Promise<Record<string, string>> {
  const tasks = await reprise.store.tasks.list({ run: id });
  return Object.fromEntries(tasks.filter((task) => task.id !== id).map((task) => [task.path, task.status]));
}

const waitsFor = (run: Run<unknown>, name: string) =>
  expect
    .poll(async () => (await eventsOf(run)).some((event) => event.kind === "waiting" && event.signal === name), soon)
    .toBe(true);

const soon = { interval: 5 };

/** The most of the run's tasks, of those that the pattern names, that ran at once. */
async function mostAtOnce(run: Run<unknown>, tasks: RegExp): Promise<number> {
  let running = 0;
  let most = 0;
  for (const { kind, task } of await eventsOf(run)) {
    if (task === run.id || !tasks.test(task.slice(run.id.length))) continue;
    if (kind === "running") running += 1;
    if (kind === "completed") running -= 1;
    most = Math.max(most, running);
  }
  return most;
}

const statuses = async (run: Run<unknown>) => Object.values(await tasksOf(run)).toSorted();

describe("basic control flow", () => {
  const pattern = patternsOf("basic");

  pattern("1 Sequence", async (start) => {
    const run = await start();
    expect(await run.result()).toBe(3);
    expect(await mostAtOnce(run, /./)).toBe(1);
  });

  pattern("2 Parallel split", async (start) => {
    const run = await start();
    expect(await run.result()).toEqual([2, 3]);
    expect(await mostAtOnce(run, /one|two/)).toBe(2);
  });

  pattern("3 Synchronization", async (start) => expect(await resultOf(start())).toBe(20));

  pattern("4 Exclusive choice", async (start) => {
    const run = await start({ kind: "increment" });
    expect(await run.result()).toBe(11);
    expect(await statuses(run)).toEqual(["completed"]);
    expect(await resultOf(start({ kind: "double" }))).toBe(20);
  });

  pattern("5 Simple merge", async (start) => {
    expect(await resultOf(start({ big: true }))).toBe(201);
    expect(await resultOf(start({ big: false }))).toBe(3);
  });
});

describe("advanced branching and synchronization", () => {
  const pattern = patternsOf("branching");

  pattern("6 Multi-choice", async (start) => {
    for (const [left, right] of [
      [true, true],
      [true, false],
      [false, false],
    ])
      expect(await resultOf(start({ left, right }))).toBe(Number(left) + Number(right));
  });

  pattern("7 Structured synchronizing merge", async (start) => {
    expect(await resultOf(start({ left: true, right: true }))).toBe(7);
    expect(await resultOf(start({ left: false, right: true }))).toBe(5);
  });

  pattern("8 Multi-merge", async (start) => {
    const run = await start();
    expect(await run.result()).toEqual([3, 5]);
    expect(await statuses(run)).toEqual(Array(4).fill("completed"));
  });

  pattern("9 Structured discriminator", async (start) => {
    const run = await start();
    expect(await run.result()).toBe(5);
    expect(await statuses(run)).toEqual(["aborted", "aborted", "completed", "completed"]);
  });

  pattern("28 Blocking discriminator", async (start) => {
    const run = await start();
    expect(await run.result()).toEqual([2, 4]);
    expect(await mostAtOnce(run, /loop/)).toBeLessThanOrEqual(3);
  });

  pattern("29 Cancelling discriminator", async (start) => {
    const run = await start();
    expect(await run.result()).toBe(5);
    expect(await statuses(run)).toEqual(["aborted", "aborted", "completed", "completed"]);
    const ends = (await eventsOf(run)).flatMap(({ kind }) => (kind === "aborted" || kind === "completed" ? kind : []));
    // The losers end before what comes after the join, and not only with the run.
    expect(ends).toEqual(["completed", "aborted", "aborted", "completed", "completed"]);
  });

  pattern("30 Structured partial join", async (start) => expect(await resultOf(start())).toBe(3));
  pattern("31 Blocking partial join", async (start) => expect(await resultOf(start())).toEqual([2, 2]));

  pattern("32 Cancelling partial join", async (start) => {
    const run = await start();
    expect(await run.result()).toBe(3);
    expect(await statuses(run)).toEqual(["aborted", "completed", "completed", "completed"]);
  });

  pattern("33 Generalized AND-join", async (start) => expect(await resultOf(start())).toEqual([12, 18]));

  pattern("37 Local synchronizing merge", async (start) => {
    expect(await resultOf(start({ branches: 1 }))).toEqual([[2], undefined]);
    expect(await resultOf(start({ branches: 2 }))).toEqual([[2, 4], undefined]);
    expect(await resultOf(start({ branches: 3 }))).toEqual([[2, 4], 2]);
  });

  pattern("41 Thread merge", async (start) => expect(await resultOf(start())).toBe(13));
  pattern("42 Thread split", async (start) => expect(await resultOf(start())).toEqual([0, 2, 4]));
});

describe("multiple instances", () => {
  const pattern = patternsOf("instances");

  pattern("12 Multiple instances without synchronization", async (start) => {
    const run = await start();
    expect(await run.result()).toBe("spawned");
    await expect.poll(() => statuses(run), soon).toEqual(Array(3).fill("completed"));
  });

  pattern("13 Multiple instances with design-time knowledge", async (start) =>
    expect(await resultOf(start())).toEqual([2, 4, 6]),
  );

  pattern("14 Multiple instances with run-time knowledge", async (start) =>
    expect(await resultOf(start())).toEqual([0, 2, 4, 6]),
  );

  pattern("15 Multiple instances without knowledge", async (start) =>
    expect(await resultOf(start())).toEqual([1, 2, 4, 5, 8, 10, 16]),
  );

  pattern("34 Static partial join for multiple instances", async (start) =>
    expect(await resultOf(start())).toEqual([4, 8]),
  );

  pattern("35 Cancelling partial join for multiple instances", async (start) => {
    const run = await start();
    expect(await run.result()).toBe(3);
    expect(await statuses(run)).toEqual(["aborted", "aborted", "completed", "completed", "completed"]);
  });

  pattern("36 Dynamic partial join for multiple instances", async (start) =>
    expect(await resultOf(start())).toEqual([6, 8, 10]),
  );
});

describe("states", () => {
  const pattern = patternsOf("state");

  pattern("16 Deferred choice", async (start) => {
    const asked = await start({ patience: "1h" });
    await asked.signal("approved", { by: "Ada" });
    expect(await asked.result()).toBe("approved by Ada");
    expect(await resultOf(start({ patience: "10ms" }))).toBe("nobody answered");
  });

  pattern("17 Interleaved parallel routing", async (start) => {
    const run = await start();
    expect(await run.result()).toEqual([3, 10]);
    expect(await mostAtOnce(run, /double|increment/)).toBe(1);
  });

  pattern("18 Milestone", async (start) => {
    const run = await start();
    await run.signal("order", 1);
    await run.signal("order", 2);
    await expect.poll(() => statuses(run), soon).toEqual(["completed", "completed"]);
    await run.signal("close");
    expect(await run.result()).toEqual([2, 4]);
    await expect(run.signal("order", 3)).rejects.toThrow("has ended");
  });

  pattern("39 Critical section", async (start) => {
    const run = await start();
    expect(await run.result()).toEqual([8, 12, 16]);
    expect(await mostAtOnce(run, /double|entered/)).toBe(1);
    expect(await mostAtOnce(run, /outside/)).toBe(3);
  });

  pattern("40 Interleaved routing", async (start) => {
    const run = await start();
    expect(await run.result()).toEqual([2, 4, 6]);
    expect(await mostAtOnce(run, /double/)).toBe(1);
  });
});

describe("cancellation", () => {
  const pattern = patternsOf("cancellation");

  pattern("19 Cancel task", async (start) => {
    const run = await start();
    expect(await run.result()).toEqual(["AbortedError", 4]);
    expect(await statuses(run)).toEqual(["aborted", "completed"]);
  });

  pattern("20 Cancel case", async (start) => {
    const run = await start();
    await expect.poll(() => statuses(run), soon).toEqual(["completed", "running", "running"]);
    await run.abort("called off");
    await expect(run.result()).rejects.toMatchObject({ name: "AbortedError", message: "called off" });
    expect(await statuses(run)).toEqual(["aborted", "aborted", "completed"]);
  });

  pattern("25 Cancel region", async (start) => {
    const run = await start();
    expect(await run.result()).toEqual([["AbortedError", "AbortedError"], 6]);
    expect(await statuses(run)).toEqual(["aborted", "aborted", "completed", "completed"]);
  });

  pattern("26 Cancel multiple instance activity", async (start) =>
    expect(await resultOf(start())).toEqual(["rejected", "rejected", "rejected"]),
  );

  pattern("27 Complete multiple instance activity", async (start) => {
    const run = await start();
    await expect.poll(() => statuses(run), soon).toEqual(["completed", "completed", "running", "running"]);
    await run.signal("enough");
    expect(await run.result()).toBe(7);
    expect(await statuses(run)).toEqual(["aborted", "aborted", "completed", "completed", "completed"]);
  });
});

describe("iteration", () => {
  const pattern = patternsOf("iteration");

  pattern("21 Structured loop", async (start) => {
    expect(await resultOf(start({ target: 20 }))).toBe(37);
    expect(await resultOf(start({ target: 0 }))).toBe(7);
  });

  pattern("22 Recursion", async (start) => {
    expect(await resultOf(start({ n: 3 }))).toBe(8);
    expect(await resultOf(start({ n: 0 }))).toBe(1);
  });
});

describe("termination", () => {
  const pattern = patternsOf("termination");

  pattern("11 Implicit termination", async (start) => {
    const run = await start();
    expect(await run.result()).toBeUndefined();
    expect(await statuses(run)).toEqual(["completed", "completed", "completed"]);
  });

  pattern("43 Explicit termination", async (start) => {
    const run = await start({ fails: false });
    expect(await run.result()).toEqual([6, true]);
    expect(await tasksOf(run)).toMatchObject({ endless: "aborted" });
    await expect(resultOf(start({ fails: true }))).rejects.toThrow(new RangeError("6 is too much"));
  });
});

describe("triggers", () => {
  const pattern = patternsOf("triggers");

  pattern("23 Transient trigger", async (start) => {
    const run = await start();
    await run.signal("beat", 1);
    await run.signal("begin");
    await waitsFor(run, "beat");
    await run.signal("beat", 2);
    expect(await run.result()).toBe(4);
  });

  pattern("24 Persistent trigger", async (start) => {
    const run = await start();
    await run.signal("beat", 1);
    await run.signal("begin");
    expect(await run.result()).toBe(2);
  });
});
