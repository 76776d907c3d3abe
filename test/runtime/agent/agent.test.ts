import { describe, expect, it, onTestFinished } from "vitest";
import { type AgentOptions, createAgent } from "../../../src/runtime/agent/agent.ts";
import { thisProcess } from "../../../src/runtime/agent/lease.ts";
import type { Claim, Executor, Result } from "../../../src/runtime/ports.ts";
import { fakeStore } from "./fake-store.ts";

type Execution = { claim: Claim; signal: AbortSignal; end(result: Result): void };

/** An executor whose steps end when the test says so. An aborted one ends by itself, as if it had completed. */
function heldExecutor() {
  const executions: Execution[] = [];
  let most = 0;
  let now = 0;
  const executor: Executor = {
    kind: "code",
    execute: (claim, signal) =>
      new Promise((resolve) => {
        most = Math.max(most, ++now);
        const end = (result: Result) => {
          now--;
          resolve(result);
        };
        executions.push({ claim, signal, end });
        signal.addEventListener("abort", () => end(completed));
      }),
    close: async () => {},
  };
  return { executor, executions, most: () => most };
}
const completed: Result = { outcome: "completed" };
const failed: Result = { outcome: "failed", failure: { name: "Error", message: "no" } };

async function started(fake: ReturnType<typeof fakeStore>, options: Partial<AgentOptions> = {}) {
  const held = heldExecutor();
  const agent = createAgent({
    store: fake.store,
    queues: ["default"],
    slots: 2,
    executors: [held.executor],
    ...options,
  });
  onTestFinished(() => agent.stop());
  await agent.start();
  return { agent, ...held };
}

const bundle = { code: "" };
const add = (fake: ReturnType<typeof fakeStore>, id: string, options = {}) =>
  fake.add({ id, bundle, export: "fit", options });
const status = (fake: ReturnType<typeof fakeStore>, id: string) => fake.tasks.get(id)!.status;

describe("the agent claims", () => {
  it("no more than it has slots, and the next when one is free", async () => {
    const fake = fakeStore();
    for (let n = 0; n < 50; n++) add(fake, `run/${n}`);
    const { executions, most } = await started(fake);
    for (let n = 0; n < 50; n++) {
      await fake.until(() => executions.length > n);
      executions[n]!.end(completed);
    }
    await fake.until(() => fake.reports.length === 50);
    expect(most()).toBe(2);
    expect(new Set(fake.reports.map((report) => report.task)).size).toBe(50);
  });

  it("what is enqueued later", async () => {
    const fake = fakeStore();
    const { executions } = await started(fake);
    add(fake, "run/late");
    await fake.until(() => executions.length === 1);
  });

  it("only of its run", async () => {
    const fake = fakeStore();
    add(fake, "run/fit");
    fake.tasks.get("run/fit")!.run = "other";
    add(fake, "run/mine");
    const { executions } = await started(fake, { run: "run" });
    await fake.until(() => executions.length === 1);
    expect(executions.map(({ claim }) => claim.task.id)).toEqual(["run/mine"]);
  });

  it("a retry when its delay is over, and not before", async () => {
    const fake = fakeStore();
    const retry = { limit: 1, delayMs: 40, factor: 2, maxDelayMs: 1_000 };
    add(fake, "run/fit", { retry });
    const { executions } = await started(fake);
    await fake.until(() => executions.length === 1);
    executions[0]!.end(failed);
    await fake.until(() => fake.reports.length === 1);
    const [report] = fake.reports;
    expect(report).toMatchObject({ outcome: "retry", attempt: 1, failure: { message: "no" } });
    await fake.until(() => executions.length === 2);
    expect(Date.now()).toBeGreaterThanOrEqual((report as { notBefore: number }).notBefore);
    expect(executions[1]!.claim).toMatchObject({ attempt: 2, failures: 1 });
  });

  it("what an agent that died was running, at once", async () => {
    const fake = fakeStore();
    add(fake, "run/fit");
    await fake.store.queue.join({
      ...thisProcess(),
      processStart: "0",
      id: "dead",
      queues: [],
      slots: 1,
      leaseUntil: Infinity,
    });
    await fake.store.queue.claim({ agent: "dead", queues: ["default"], limit: 1 });
    const { executions } = await started(fake);
    await fake.until(() => executions.length === 1);
    expect(executions[0]!.claim.attempt).toBe(2);
  });

  it("nothing it has no executor for, without saying so", async () => {
    const fake = fakeStore();
    add(fake, "run");
    fake.tasks.get("run")!.code = { kind: "controller", pipeline: "sha256:0" };
    await started(fake);
    await fake.until(() => fake.reports.length === 1);
    expect(fake.reports[0]).toMatchObject({
      outcome: "failed",
      failure: {
        message: expect.stringContaining('no agent of the queue "default" runs tasks of the kind "controller"'),
      },
    });
  });
});

describe("an attempt", () => {
  it("past its time limit is aborted and failed, whatever the step made of it", async () => {
    const fake = fakeStore();
    add(fake, "run/fit", { timeLimitMs: 20 });
    const { executions } = await started(fake);
    await fake.until(() => fake.reports.length === 1);
    expect(executions[0]!.signal.aborted).toBe(true);
    expect(fake.reports[0]).toMatchObject({
      outcome: "failed",
      failure: { name: "TimeLimitError", message: "the step ran longer than its time limit of 20 ms" },
    });
  });

  it("that was revoked is aborted and not reported", async () => {
    const fake = fakeStore();
    add(fake, "run/fit");
    const { agent, executions } = await started(fake);
    await fake.until(() => executions.length === 1);
    fake.abort("run/fit");
    expect(executions[0]!.signal.aborted).toBe(true);
    await agent.stop({ drain: true });
    expect([fake.reports, fake.refused]).toEqual([[], []]);
    expect(status(fake, "run/fit")).toBe("aborted");
  });

  it("whose report is refused changes nothing, and its slot serves the next", async () => {
    const fake = fakeStore();
    add(fake, "run/fit");
    const { executions } = await started(fake, { slots: 1 });
    await fake.until(() => executions.length === 1);
    await fake.store.queue.rescue(() => true);
    await fake.store.queue.claim({ agent: "other", queues: ["default"], limit: 1 });
    executions[0]!.end(completed);
    await fake.until(() => fake.refused.length === 1);
    expect(fake.reports).toEqual([]);
    expect(status(fake, "run/fit")).toBe("running");
    add(fake, "run/next");
    await fake.until(() => executions.length === 2);
  });

  it("frees its slot before its report is committed", async () => {
    const fake = fakeStore();
    const { queue } = fake.store;
    const commit = Promise.withResolvers<void>();
    const slow = {
      ...queue,
      report: async (...args: Parameters<typeof queue.report>) => (await commit.promise, queue.report(...args)),
    };
    add(fake, "run/1");
    add(fake, "run/2");
    const { executions } = await started(fake, { slots: 1, store: { queue: slow } });
    await fake.until(() => executions.length === 1);
    executions[0]!.end(completed);
    await fake.until(() => executions.length === 2);
    expect(fake.reports).toEqual([]);
    commit.resolve();
    await fake.until(() => fake.reports.length === 1);
  });
});

describe("an agent that stops", () => {
  it("finishes what runs when it drains, and claims no more", async () => {
    const fake = fakeStore();
    add(fake, "run/1");
    add(fake, "run/2");
    const { agent, executions } = await started(fake, { slots: 1 });
    await fake.until(() => executions.length === 1);
    const stopped = agent.stop({ drain: true });
    executions[0]!.end(completed);
    await stopped;
    expect([status(fake, "run/1"), status(fake, "run/2")]).toEqual(["completed", "queued"]);
    expect(fake.agents.size).toBe(0);
  });

  it("aborts what runs otherwise, and leaves it to another as lost", async () => {
    const fake = fakeStore();
    add(fake, "run/fit");
    const { agent, executions } = await started(fake);
    await fake.until(() => executions.length === 1);
    await agent.stop();
    expect(executions[0]!.signal.aborted).toBe(true);
    expect(fake.reports).toEqual([]);
    expect(status(fake, "run/fit")).toBe("queued");
  });

  it("hurries when it is asked a second time, without draining", async () => {
    const fake = fakeStore();
    add(fake, "run/fit");
    const { agent, executions } = await started(fake);
    await fake.until(() => executions.length === 1);
    const drained = agent.stop({ drain: true });
    await agent.stop();
    await drained;
    expect(status(fake, "run/fit")).toBe("queued");
  });

  it("gives back what it claimed while it was asked to stop", async () => {
    const fake = fakeStore();
    const { agent, executions } = await started(fake);
    add(fake, "run/fit");
    await agent.stop();
    expect(executions).toEqual([]);
    expect(status(fake, "run/fit")).toBe("queued");
  });

  it("may never have started", async () => {
    const { executor } = heldExecutor();
    await createAgent({ store: fakeStore().store, queues: [], slots: 1, executors: [executor] }).stop();
  });
});

it("the lease is renewed well before it ends", async () => {
  const fake = fakeStore();
  const { agent } = await started(fake, { leaseMs: 60 });
  const first = fake.agents.get(agent.id)!.leaseUntil;
  await fake.until(() => fake.agents.get(agent.id)!.leaseUntil > first);
  expect(Date.now()).toBeLessThan(first);
});

it("a store that fails is told once, and nothing more is claimed", async () => {
  const fake = fakeStore();
  const errors: Error[] = [];
  const told = Promise.withResolvers<void>();
  const broken = { ...fake.store.queue, claim: () => Promise.reject(new Error("the disk is full")) };
  const onError = (error: Error) => {
    errors.push(error);
    told.resolve();
  };
  const { agent } = await started(fake, { store: { queue: broken }, onError });
  await told.promise;
  add(fake, "run/fit");
  await agent.stop();
  expect(errors.map(({ message }) => message)).toEqual(["the disk is full"]);
});
