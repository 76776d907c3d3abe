import { describe, expect, test } from "vitest";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import { lowered } from "../../compiler/lower/harness.ts";
import { pipelineOf } from "./programs.ts";
import { Stage } from "./stage.ts";

const none = "async () => {}";
const start = 1_000_000;

/** Of an `async function body` as text, over the steps a, b, c and fit. */
function pipelineFrom(source: string): Pipeline {
  const { graph, problems } = lowered(source);
  expect(problems).toEqual([]);
  return { ...pipelineOf({ a: none, b: none, c: none, fit: none }, []), graph };
}

const open = (source: string, params?: unknown) => Stage.open(pipelineFrom(source), params);

async function restart(stage: Stage): Promise<void> {
  await stage.stopController();
  await stage.startController();
}

const kinds = async ({ store, run }: Stage) => (await store.events.read(run, 0)).map(({ kind }) => kind);

describe("a timer", () => {
  const nap = `async function body() { await sleep("10m"); return "rested"; }`;

  test("is over at its time, and not before", async () => {
    await using stage = await open(nap);
    await stage.forward(10 * 60_000 - 1);
    expect(await kinds(stage)).not.toContain("timer");
    await stage.forward(1);
    expect(await stage.value()).toBe("rested");
    expect(await kinds(stage)).toContain("timer");
  });

  test("keeps the end that was computed first, whoever goes on with the run", async () => {
    await using stage = await open(nap);
    await stage.forward(4 * 60_000);
    await restart(stage);
    expect(stage.clock.alarms).toEqual([start + 10 * 60_000]);
    await restart(stage);
    await stage.forward(6 * 60_000);
    expect(await stage.value()).toBe("rested");
    expect((await kinds(stage)).filter((kind) => kind === "waiting" || kind === "timer")).toEqual(["waiting", "timer"]);
  });

  test("whose time came while nobody served the run is over as soon as somebody does", async () => {
    await using stage = await open(nap);
    await stage.stopController();
    stage.clock.forward(3_600_000);
    await stage.startController();
    expect(await stage.value()).toBe("rested");
  });

  test("until a time that has passed is over at once, as an event", async () => {
    await using stage = await open(`async function body() { await sleepUntil(new Date(5)); return 1; }`);
    expect(await stage.value()).toBe(1);
    expect(await kinds(stage)).toContain("timer");
  });

  test("is heard in the order of its event among the ends of steps", async () => {
    await using stage = await open(`async function body() {
      const out: string[] = [];
      await Promise.all([sleep(5).then(() => out.push("five")), a(1).then(() => out.push("a")), sleep(3).then(() => out.push("three"))]);
      return out;
    }`);
    await stage.running();
    await stage.forward(3);
    await stage.complete("a", 1);
    await stage.settle();
    await stage.forward(2);
    expect(await stage.value()).toEqual(["three", "a", "five"]);
  });

  test("that nobody awaits any more when the body settles is dropped", async () => {
    await using stage = await open(`async function body() { const late = sleep("1d"); await a(1); return 1; }`);
    await stage.running();
    await stage.complete("a", 1);
    expect(await stage.value()).toBe(1);
    expect(stage.clock.alarms).toEqual([]);
    expect(await kinds(stage)).not.toContain("timer");
  });

  test("that rings for a controller which lost its lease is not recorded", async () => {
    await using stage = await open(nap);
    await stage.store.queue.rescue((agent) => agent.id === "controller 1", "r");
    await stage.forward(3_600_000);
    expect(await stage.result).toMatchObject({ failure: { name: "AbortedError" } });
    expect(await kinds(stage)).not.toContain("timer");
  });
});

describe("a signal", () => {
  test("gives its value to the body", async () => {
    await using stage = await open(`async function body() { const { by } = await signal("approved"); return by; }`);
    await stage.signal("approved", { by: "Ada" });
    expect(await stage.value()).toBe("Ada");
  });

  test("that is large travels as a blob", async () => {
    await using stage = await open(`async function body() { return (await signal("text")).length; }`);
    await stage.signal("text", "x".repeat(100_000));
    expect(await stage.value()).toBe(100_000);
  });

  test("that comes before the body waits is kept, and each value is taken by one wait, in order", async () => {
    await using stage = await open(`async function body() {
      const first = signal("n"); await a(1);
      return [await first, await signal("n"), await signal("n")];
    }`);
    await stage.running();
    for (const n of [1, 2, 3]) await stage.signal("n", n);
    await stage.complete("a", 1);
    expect(await stage.value()).toEqual([1, 2, 3]);
  });

  test("is not taken by a transient wait that begins after it", async () => {
    await using stage = await open(`async function body() {
      await a(1);
      const now = await signal("n", { mode: "transient" });
      return [now, await signal("n")];
    }`);
    await stage.running();
    await stage.signal("n", "before");
    await stage.complete("a", 1);
    await stage.settle();
    await stage.signal("n", "while it waits");
    expect(await stage.value()).toEqual(["while it waits", "before"]);
  });

  test("past its limit rejects, and what is sent then is for the next wait", async () => {
    await using stage = await open(`async function body() {
      try { await signal("n", { timeLimit: "1h" }); } catch (e) { return [(e as Error).name, (e as Error).message, await signal("n")]; }
    }`);
    await stage.forward(3_600_000);
    await stage.signal("n", "late");
    expect(await stage.value()).toEqual(["TimeLimitError", 'no signal "n" came within 1 h 0 m', "late"]);
  });

  test("that comes in time silences its limit", async () => {
    await using stage = await open(`async function body() { await signal("n", { timeLimit: "1h" }); await a(1); }`);
    expect(stage.clock.alarms).toEqual([start + 3_600_000]);
    await stage.signal("n");
    expect(stage.clock.alarms).toEqual([]);
    await restart(stage);
    expect(stage.clock.alarms).toEqual([]);
  });

  test("races with a timer: whichever comes first, also when it is all heard again", async () => {
    const choice = `async function body() {
      const first = await Promise.race([signal("yes").then(() => "yes"), sleep("1h").then(() => "late")]);
      return [first, await a(1)];
    }`;
    for (const [event, expected] of [
      [(stage: Stage) => stage.signal("yes"), "yes"],
      [(stage: Stage) => stage.forward(3_600_000), "late"],
    ] as const) {
      await using stage = await open(choice);
      await event(stage);
      await restart(stage);
      await (expected === "yes" ? stage.forward(3_600_000) : stage.signal("yes"));
      await restart(stage);
      await stage.running();
      await stage.complete("a", 1);
      expect(await stage.value()).toEqual([expected, 1]);
    }
  });

  test("to a run that has ended, or is not there, is refused", async () => {
    await using stage = await open(`async function body() {}`);
    await stage.result;
    await stage.store.queue.report({ task: "r", attempt: 1, agent: "controller 1", outcome: "completed" });
    expect(await stage.store.runs.signal("r", "x")).toBe(false);
    await expect(stage.store.runs.signal("nobody", "x")).rejects.toThrow('there is no run "nobody"');
  });
});

describe("chance and time", () => {
  const readings = `async function body() {
    const out: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      out.push(Date.now(), Math.random(), crypto.randomUUID(), performance.now(), new Date().getTime());
      await Promise.all([1, 2].map(async (j) => { out.push(Math.random()); await a(i * 10 + j); out.push(Math.random()); }));
      if (Math.random() < 0.5) await b(i); else await c(i);
      await sleep(Math.random() * 1000); out.push(await signal("go"));
    }
    return out;
  }`;

  /** Ends what runs, lets time go by and sends what is waited for until the run has ended; between each, `meanwhile`. */
  async function play(stage: Stage, meanwhile: (stage: Stage, event: number) => Promise<void>): Promise<void> {
    let over = false;
    stage.store.events.follow("r", 0, () => {});
    for (let event = 0; !over && event < 60; event += 1) {
      const [path] = await stage.running();
      if (path !== undefined) await stage.complete(path, path);
      else if (stage.clock.alarms.length > 0) stage.clock.forward(1_000);
      else await stage.store.runs.signal("r", "go", { text: "[7]" });
      await meanwhile(stage, event);
      await stage.settle();
      const result = stage.result.then(() => true);
      over = await Promise.race([result, stage.settle().then(() => false)]);
    }
    expect(over).toBe(true);
  }

  test("are what they were when the run is gone on with after any event", async () => {
    for (let stop = 0; stop < 10; stop += 1) {
      const seen: unknown[][] = [];
      await using stage = await open(readings);
      await play(stage, async (stage, event) => {
        if (event !== stop) return;
        await stage.settle();
        const before = await stage.store.runs.chances("r");
        const calls = await stage.calls();
        await restart(stage);
        await stage.settle();
        seen.push([before, calls], [await stage.store.runs.chances("r"), await stage.calls()]);
      });
      expect(seen[1]).toEqual(seen[0]);
      // Every reading of the result is one that is recorded.
      const recorded = new Set((await stage.store.runs.chances("r")).values());
      for (const value of (await stage.value()) as unknown[])
        expect(value === 7 || recorded.has(value as number)).toBe(true);
    }
  });

  test("are recorded in the transaction of what depends on them, and by their paths", async () => {
    await using stage = await open(
      `async function body() { for (const i of [1, 2]) await a(Math.random()); return Date.now(); }`,
    );
    const chances = await stage.store.runs.chances("r");
    expect([...chances.keys()]).toEqual(["loop1[1]/Math.random#1"]);
    expect((await stage.calls())["loop1[1]/a"]).toBe(chances.get("loop1[1]/Math.random#1"));
    const turns: string[][] = [];
    const { turn } = stage.store.runs;
    stage.store.runs.turn = (run, attempt, commands) => {
      turns.push(commands.map(({ kind }) => kind));
      return turn.call(stage.store.runs, run, attempt, commands);
    };
    for (const path of ["loop1[1]/a", "loop1[2]/a"]) {
      await stage.running();
      await stage.complete(path, 1);
      await stage.settle();
    }
    expect(turns).toEqual([["clone", "chance"], ["chance"]]);
    expect(await stage.value()).toBe(start);
  });

  test("performance.now counts from the beginning of the run, and never goes back", async () => {
    await using stage = await open(
      `async function body() { const t = performance.now(); await a(1); return [t, performance.now()]; }`,
    );
    await stage.running();
    await restart(stage);
    await stage.complete("a", 1);
    const [first, second] = (await stage.value()) as [number, number];
    expect(first).toBeGreaterThanOrEqual(0);
    expect(second).toBeGreaterThanOrEqual(first);
    expect(second).toBeLessThan(60_000);
  });
});

describe("a handle", () => {
  test("aborts its step, whose result rejects then, also when the run is gone on with", async () => {
    await using stage = await open(`async function body() {
      const h = start(a, 1); await b(1); h.abort("enough");
      try { return await h.result(); } catch (e) { return [(e as Error).name, (e as Error).message, await c(1)]; }
    }`);
    await stage.running();
    await stage.complete("b", 1);
    await stage.settle();
    expect(await stage.statuses()).toMatchObject({ h: "aborted" });
    await restart(stage);
    await stage.running();
    await stage.complete("c", "end");
    expect(await stage.value()).toEqual(["AbortedError", "enough", "end"]);
  });

  test("of a step that is started and aborted in one turn aborts it", async () => {
    await using stage = await open(`async function body() { const h = start(a, 1); h.abort(); await b(1); return 1; }`);
    expect(await stage.statuses()).toEqual({ h: "aborted", b: "queued" });
    await stage.running();
    await stage.complete("b", 1);
    expect(await stage.value()).toBe(1);
  });

  test("that is aborted as the body ends aborts what the store was asked for", async () => {
    await using stage = await open(
      `async function body() { const h = start(a, 1); await b(1); start(c, 1).abort(); h.abort(); }`,
    );
    await stage.running();
    await stage.complete("b", 1);
    await stage.result;
    expect(await stage.statuses()).toEqual({ h: "aborted", b: "completed" });
  });

  test("whose result nobody asked for fails the pipeline where its step failed", async () => {
    await using stage = await open(`async function body() { const h = start(a, 1); await b(1); }`);
    await stage.running();
    await stage.fail("h", { name: "RangeError", message: "too deep" });
    await stage.settle();
    await stage.complete("b", 1);
    expect(await stage.result).toMatchObject({ outcome: "failed", failure: { message: "too deep", step: "h" } });
  });

  const watching = `async function body() {
    const h = start(a, 1); const point = await h.metric("loss", "validation", ({ value }: any) => value > 5);
    if (point) h.abort("it diverges");
    return [point, await h.result().catch((e: Error) => e.name), await h.metric("loss", "validation", () => true)];
  }`;
  const scalar = (stage: Stage, series: string, value: number, iteration: number) =>
    stage.store.metrics.append([{ task: "r/h", attempt: 1, title: "loss", series, value, iteration, at: 0 }]);

  test("gives the point of a metric that meets a predicate, while the step runs", async () => {
    await using stage = await open(watching);
    await stage.running();
    for (const [series, value, iteration] of [
      ["validation", 1, 1],
      ["train", 9, 2],
      ["validation", 7, 3],
      ["validation", 9, 4],
    ] as const)
      await scalar(stage, series, value, iteration);
    await stage.settle();
    await restart(stage);
    expect(await stage.value()).toEqual([{ value: 7, iteration: 3 }, "AbortedError", undefined]);
  });

  test("gives nothing where the step ends first", async () => {
    await using stage = await open(watching);
    await stage.running();
    await scalar(stage, "validation", 1, 1);
    await stage.complete("h", "done");
    expect(await stage.value()).toEqual([undefined, "done", undefined]);
  });
});

describe("a detached step", () => {
  test("goes on when the body has settled, also where it was called last of all", async () => {
    await using stage = await open(
      `async function body() { detach(a(1)); await b(1); detach(c(1)); const never = fit(1); return "end"; }`,
    );
    await stage.running();
    await stage.complete("b", 1);
    expect(await stage.value()).toBe("end");
    expect(await stage.statuses()).toEqual({ a: "running", b: "completed", c: "queued" });
  });

  test("may fail, and the pipeline does not", async () => {
    await using stage = await open(`async function body() { detach(a(1)); await b(1); return "end"; }`);
    await stage.running();
    await stage.fail("a", { name: "Error", message: "nobody minds" });
    await stage.settle();
    await restart(stage);
    await stage.complete("b", 1);
    expect(await stage.value()).toBe("end");
  });
});
