import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { Agent } from "../../../src/model/task.ts";
import { isDead, thisProcess } from "../../../src/runtime/agent/lease.ts";
import { processStart } from "../../../src/runtime/agent/process-start.ts";

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

it("an agent of another machine is dead when its lease has run out", () => {
  const elsewhere = agent({ host: "elsewhere", leaseUntil: 1_000 });
  expect([isDead(elsewhere, 1_000), isDead(elsewhere, 1_001)]).toEqual([false, true]);
});

it("a process tells the same start whenever it is asked, and none where there is no process", () => {
  expect(processStart(process.pid)).toBe(processStart(process.pid));
  expect(processStart(2 ** 22 + 1)).toBeUndefined();
});
