import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Agent } from "../../../src/model/task.ts";
import { isDead, lookForDead, thisProcess } from "../../../src/runtime/agent/lease.ts";
import { processStart } from "../../../src/runtime/agent/process-start.ts";
import type { Queue, RosterReader } from "../../../src/runtime/ports.ts";

const agent = (is: Partial<Agent> = {}): Agent => ({
  id: "a",
  ...thisProcess(),
  queues: ["default"],
  slots: 1,
  leaseUntil: 0,
  ...is,
});

describe("an agent of this machine", () => {
  it("lives while its process does, however old its lease", () => {
    expect(isDead(agent(), Date.now())).toBe(false);
  });

  it("is dead as soon as its process is", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const its = agent({ pid: child.pid!, processStart: processStart(child.pid!)!, leaseUntil: Date.now() + 60_000 });
    expect(isDead(its, Date.now())).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isDead(its, Date.now())).toBe(true);
  });

  it("is dead where another process has got its number", () => {
    expect(isDead(agent({ processStart: "1@before" }), Date.now())).toBe(true);
  });
});

it("who looks for dead agents asks the store for nothing until a process of one has ended", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const its = agent({ pid: child.pid!, processStart: processStart(child.pid!)!, leaseUntil: Date.now() + 60_000 });
  const asked: string[] = [];
  const queue = {
    roster(reader: RosterReader) {
      reader.hear([agent(), its]);
      return () => asked.push("stopped");
    },
    async rescue(dead: (agent: Agent) => boolean) {
      asked.push(...[agent(), its].filter(dead).map(({ pid }) => `rescue of ${pid}`));
      return [];
    },
  } as unknown as Queue;
  const stop = lookForDead({ queue }, { failed: (error) => asked.push(`${error}`) });
  vi.advanceTimersByTime(60_000);
  expect(asked).toEqual([]);
  child.kill("SIGKILL");
  await once(child, "exit");
  vi.advanceTimersByTime(1_000);
  stop();
  expect(asked).toEqual([`rescue of ${child.pid}`, "stopped"]);
});

it("an agent of another machine is dead when its lease has run out", () => {
  const elsewhere = agent({ host: "elsewhere", leaseUntil: 1_000 });
  expect([isDead(elsewhere, 1_000), isDead(elsewhere, 1_001)]).toEqual([false, true]);
});

it("a process tells the same start whenever it is asked, and none where there is no process", () => {
  expect(processStart(process.pid)).toBe(processStart(process.pid));
  expect(processStart(2 ** 22 + 1)).toBeUndefined();
});
