import { describe, expect, it, onTestFinished } from "vitest";
import { type AgentOptions, createAgent } from "../../../src/runtime/agent/agent.ts";
import type { Claim, Executor, Result, Revoked } from "../../../src/runtime/ports.ts";
import { type TestRun, testRun } from "./run.ts";

type Execution = { claim: Claim; signal: Revoked; end(result: Result): void };

/** An executor whose steps end when the test says so; an aborted one ends by itself, as if it had completed. */
function heldExecutor() {
  const begun: PromiseWithResolvers<Execution>[] = [];
  const nth = (n: number) => {
    begun[n] ??= Promise.withResolvers<Execution>();
    return begun[n];
  };
  let count = 0;
  let running = 0;
  let most = 0;
  const executor: Executor = {
    kind: "code",
    execute(claim, signal) {
      const { promise, resolve } = Promise.withResolvers<Result>();
      running += 1;
      most = Math.max(most, running);
      const end = (result: Result) => {
        running -= 1;
        resolve(result);
      };
      signal.addEventListener("abort", () => end(completed));
      nth(count++).resolve({ claim, signal, end });
      return promise;
    },
    close: async () => {},
  };
  /** Resolves when the n-th execution, from 0, has begun. */
  return { executor, execution: (n: number) => nth(n).promise, begun: () => count, most: () => most };
}
const completed: Result = { outcome: "completed" };
const failed: Result = { outcome: "failed", failure: { name: "Error", message: "no" } };

const newRun = () => testRun({ code: "" }, ["fit"]);

async function startAgent(run: TestRun, options: Partial<AgentOptions> = {}) {
  const held = heldExecutor();
  const agent = createAgent({
    store: run.store,
    queues: ["default"],
    slots: 2,
    executors: [held.executor],
    ...options,
  });
  onTestFinished(() => agent.stop());
  await agent.start();
  return { agent, ...held };
}

const status = async (run: TestRun, task: string) => (await run.store.tasks.get(task))!.status;

describe("the agent claims", () => {
  it("no more than it has slots, and the next when one is free", async () => {
    const run = await newRun();
    for (let n = 0; n < 50; n++) await run.start("fit", { path: `fit${n}` });
    const { execution, most } = await startAgent(run);
    for (let n = 0; n < 50; n++) (await execution(n)).end(completed);
    await run.until(() => run.events.filter(({ kind }) => kind === "completed").length === 50);
    expect(most()).toBe(2);
    expect(new Set(run.events.filter(({ kind }) => kind === "running").map(({ task }) => task)).size).toBe(51);
  });

  it.each([
    [false, ["a0", "a1", "a2", "b0", "b1", "c0"]],
    [true, ["a0", "b0", "c0", "a1", "b1", "a2"]],
  ])("from its queues in order, or one of each in turn (fair: %s)", async (fair, expected) => {
    const run = await newRun();
    for (const path of ["c0", "b0", "a0", "a1", "b1", "a2"])
      await run.start("fit", { path, options: { queue: path[0]! } });
    const { execution } = await startAgent(run, { queues: ["a", "b", "c"], slots: 1, fair });
    const order: string[] = [];
    for (let n = 0; n < 6; n++) {
      const { claim, end } = await execution(n);
      order.push(claim.task.path!);
      end(completed);
    }
    expect(order).toEqual(expected);
  });

  it("what is enqueued later", async () => {
    const run = await newRun();
    const { execution } = await startAgent(run);
    const fit = await run.start("fit");
    expect((await execution(0)).claim.task.id).toBe(fit);
  });

  it("from its own queues only", async () => {
    const run = await newRun();
    const gpu = await run.start("fit", { path: "gpu", options: { queue: "gpu" } });
    await run.start("fit");
    const { execution } = await startAgent(run, { queues: ["gpu"] });
    expect((await execution(0)).claim.task.id).toBe(gpu);
    expect(await status(run, "run/fit")).toBe("queued");
  });

  it("only of its run, where it serves one", async () => {
    const run = await newRun();
    await run.start("fit");
    const { agent, begun } = await startAgent(run, { run: "another" });
    await agent.stop();
    expect(begun()).toBe(0);
  });

  it("a retry when its delay is over, and not before", async () => {
    const run = await newRun();
    const { execution } = await startAgent(run);
    const fit = await run.start("fit", { options: { retry: { limit: 1, delayMs: 40, factor: 2, maxDelayMs: 1_000 } } });
    (await execution(0)).end(failed);
    const { notBefore } = await run.event(fit, "retrying", 1);
    const { claim } = await execution(1);
    expect(Date.now()).toBeGreaterThanOrEqual(notBefore!);
    expect(claim).toMatchObject({ attempt: 2, earlier: { failures: 1 } });
  });

  it("a retry that becomes due just after it was asked for", async () => {
    const run = await newRun();
    const { queue } = run.store;
    const late = {
      ...queueOf(queue),
      async claim(request: Parameters<typeof queue.claim>[0]) {
        const claimed = await queue.claim(request);
        const retry = run.events.find(({ kind }) => kind === "retrying") as { notBefore: number } | undefined;
        // The answer takes so long.
        while (retry && Date.now() <= retry.notBefore);
        return claimed;
      },
    };
    const { execution } = await startAgent(run, { store: { queue: late } });
    await run.start("fit", { options: { retry: { limit: 1, delayMs: 30, factor: 2, maxDelayMs: 1_000 } } });
    (await execution(0)).end(failed);
    expect((await execution(1)).claim.attempt).toBe(2);
  });

  it("at once what an agent that died was running", async () => {
    const run = await newRun();
    await run.start("fit");
    await run.claimAs("dead", { processStart: "1@before" });
    const { execution } = await startAgent(run);
    expect((await execution(0)).claim).toMatchObject({ attempt: 2, earlier: { failures: 0, lost: 1 } });
  });

  it("again, where others took it for dead in the meantime", async () => {
    const run = await newRun();
    const { agent, execution } = await startAgent(run);
    await run.store.queue.rescue(({ id }) => id === agent.id);
    expect((await run.store.queue.agents()).map(({ id }) => id)).not.toContain(agent.id);
    const fit = await run.start("fit");
    expect((await execution(0)).claim.task.id).toBe(fit);
  });

  it("nothing of an agent that lives", async () => {
    const run = await newRun();
    await run.start("fit");
    await run.claimAs("alive");
    const { agent, begun } = await startAgent(run);
    await agent.stop();
    expect(begun()).toBe(0);
    expect(await status(run, "run/fit")).toBe("running");
  });

  it("a task that it has no executor for, and fails it in a sentence", async () => {
    const run = await newRun();
    await startAgent(run, { executors: [] });
    const { failure } = await run.event(await run.start("fit"), "failed");
    expect(failure.message).toBe(
      'this agent of the queue "default" cannot run tasks of the kind "code": enqueue them where one does',
    );
  });
});

describe("an attempt", () => {
  it("past its time limit is aborted and failed, whatever the step made of it", async () => {
    const run = await newRun();
    const { execution } = await startAgent(run);
    const fit = await run.start("fit", { options: { timeLimitMs: 20 } });
    const { signal } = await execution(0);
    const { failure } = await run.event(fit, "failed");
    expect(failure).toEqual({ name: "TimeLimitError", message: "the step ran longer than its time limit of 20 ms" });
    expect(signal.aborted).toBe(true);
  });

  it("that was revoked is aborted and not reported", async () => {
    const run = await newRun();
    const { agent, execution } = await startAgent(run);
    const fit = await run.start("fit");
    const { signal } = await execution(0);
    await run.abort(fit);
    await run.event(fit, "aborted");
    expect(signal.aborted).toBe(true);
    await agent.stop({ drain: true });
    expect(await status(run, fit)).toBe("aborted");
    expect(run.events.filter(({ task }) => task === fit).map(({ kind }) => kind)).toEqual([
      "created",
      "queued",
      "running",
      "aborted",
    ]);
  });

  it("whose report is refused changes nothing, and its slot serves the next", async () => {
    const run = await newRun();
    const answers: boolean[] = [];
    const { queue } = run.store;
    const deaf = {
      ...queueOf(queue),
      // It does not hear that its task was taken.
      watch: (agent: string, watcher: Parameters<typeof queue.watch>[1]) =>
        queue.watch(agent, { ...watcher, revoked() {} }),
      report: async (report: Parameters<typeof queue.report>[0]) => {
        answers.push(await queue.report(report));
        return answers.at(-1)!;
      },
    };
    const { execution, agent } = await startAgent(run, { slots: 1, store: { queue: deaf } });
    const fit = await run.start("fit");
    const { end } = await execution(0);
    await queue.rescue(({ id }) => id === agent.id);
    await run.claimAs("other");
    end(completed);
    await run.start("fit", { path: "next" });
    await run.event("run/next", "running");
    expect(answers).toEqual([false]);
    expect(await status(run, fit)).toBe("running");
  });

  it("frees its slot before its report is committed", async () => {
    const run = await newRun();
    const commit = Promise.withResolvers<void>();
    const { queue } = run.store;
    const slow = {
      ...queueOf(queue),
      async report(report: Parameters<typeof queue.report>[0]) {
        await commit.promise;
        return queue.report(report);
      },
    };
    const { execution } = await startAgent(run, { slots: 1, store: { queue: slow } });
    const fit = await run.start("fit");
    await run.start("fit", { path: "next" });
    (await execution(0)).end(completed);
    await run.event("run/next", "running");
    expect(await status(run, fit)).toBe("running");
    commit.resolve();
    await run.event(fit, "completed");
  });
});

describe("an agent that stops", () => {
  it("finishes what runs when it drains, and claims no more", async () => {
    const run = await newRun();
    const { agent, execution } = await startAgent(run, { slots: 1 });
    const fit = await run.start("fit");
    const next = await run.start("fit", { path: "next" });
    const { end } = await execution(0);
    const stopped = agent.stop({ drain: true });
    end(completed);
    await stopped;
    expect([await status(run, fit), await status(run, next)]).toEqual(["completed", "queued"]);
    expect((await run.store.queue.agents()).map(({ id }) => id)).toEqual(["test"]);
  });

  it("that drains serves nobody any more: what waits for it says so at once", async () => {
    const run = await newRun();
    const { agent, execution } = await startAgent(run, { slots: 1 });
    await run.start("fit");
    const next = await run.start("fit", { path: "next" });
    const { end } = await execution(0);
    const stopped = agent.stop({ drain: true });
    expect(await run.event(next, "unserved")).toMatchObject({ queue: "default" });
    end(completed);
    await stopped;
  });

  it("aborts what runs otherwise, and leaves it to another as lost", async () => {
    const run = await newRun();
    const { agent, execution } = await startAgent(run);
    const fit = await run.start("fit");
    const { signal } = await execution(0);
    await agent.stop();
    expect(signal.aborted).toBe(true);
    expect(await status(run, fit)).toBe("queued");
    expect(await run.store.tasks.attempts(fit)).toMatchObject([{ number: 1, outcome: "lost" }]);
  });

  it("hands over what only waits for others when it drains: another agent goes on with it", async () => {
    const run = await newRun();
    const held = heldExecutor();
    const waiting = createAgent({
      store: run.store,
      queues: ["default"],
      slots: 1,
      executors: [{ ...held.executor, waits: true }],
    });
    await waiting.start();
    const fit = await run.start("fit");
    await held.execution(0);
    await waiting.stop({ drain: true });
    expect(await status(run, fit)).toBe("queued");
  });

  it("hurries when it is asked a second time, without draining", async () => {
    const run = await newRun();
    const { agent, execution } = await startAgent(run);
    const fit = await run.start("fit");
    await execution(0);
    const drained = agent.stop({ drain: true });
    await agent.stop();
    await drained;
    expect(await status(run, fit)).toBe("queued");
  });

  it("gives back what it was claiming as it was asked to stop", async () => {
    const run = await newRun();
    const fit = await run.start("fit");
    const { agent, begun } = await startAgent(run);
    await agent.stop({ drain: true });
    expect(begun()).toBe(0);
    expect(await status(run, fit)).toBe("queued");
  });

  it("may never have started", async () => {
    const run = await newRun();
    await createAgent({ store: run.store, queues: [], slots: 1, executors: [] }).stop();
  });
});

it("the lease is renewed well before it ends", async () => {
  const run = await newRun();
  const renewed = Promise.withResolvers<number>();
  const { queue } = run.store;
  const watched = { ...queueOf(queue), renew: async (_: string, until: number) => renewed.resolve(until) };
  const leaseMs = 60;
  const startedAt = Date.now();
  await startAgent(run, { leaseMs, store: { queue: watched } });
  expect(await renewed.promise).toBeGreaterThan(startedAt + leaseMs);
});

it("a store that fails is told once, and nothing more is claimed", async () => {
  const run = await newRun();
  const errors: Error[] = [];
  const told = Promise.withResolvers<void>();
  const { queue } = run.store;
  const broken = { ...queueOf(queue), claim: () => Promise.reject(new Error("the disk is full")) };
  const onError = (error: Error) => {
    errors.push(error);
    told.resolve();
  };
  const { agent } = await startAgent(run, { store: { queue: broken }, onError });
  await told.promise;
  await run.start("fit");
  await agent.stop();
  expect(errors.map(({ message }) => message)).toEqual(["the disk is full"]);
});

/** Its methods on an object of their own, to be replaced one by one. */
function queueOf(queue: TestRun["store"]["queue"]): TestRun["store"]["queue"] {
  return {
    join: (agent) => queue.join(agent),
    renew: (...args) => queue.renew(...args),
    leave: (agent) => queue.leave(agent),
    agents: () => queue.agents(),
    roster: (reader) => queue.roster(reader),
    claim: (request) => queue.claim(request),
    report: (report) => queue.report(report),
    rescue: (...args) => queue.rescue(...args),
    list: () => queue.list(),
    entries: (...args) => queue.entries(...args),
    move: (...args) => queue.move(...args),
    clear: (name) => queue.clear(name),
    limit: (...args) => queue.limit(...args),
    pause: (...args) => queue.pause(...args),
    watch: (...args) => queue.watch(...args),
  };
}
