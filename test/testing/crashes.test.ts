/** Controllers that die after any event: others go on, and nothing changes. */
import { sleep } from "reprise";
import { beforeEach, expect, test, vi } from "vitest";
import { type CrashAfter, testPipeline } from "../../src/testing/index.ts";
import * as fixtures from "./fixtures/pipelines.ts";

const approval = { ...fixtures, default: fixtures.approval };
const together = { ...fixtures, default: fixtures.together };
const outer = { ...fixtures, default: fixtures.outer };

beforeEach(() => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  return () => print.mockRestore();
});

const approved = async () => {
  await sleep("13h");
  return { by: "Ada" };
};

test("a pipeline that waits comes to the same result by the same events", async () => {
  const calm = await testPipeline(approval, { signals: { approved } });
  const shaken = await testPipeline(approval, { signals: { approved }, crashAfter: "every event" });
  expect(shaken.resumes).toBeGreaterThan(10);
  expect(shaken.result).toEqual(calm.result);
  expect(shaken.events).toEqual(calm.events);
  expect(shaken.decisions).toEqual(calm.decisions);
});

test("completions in any order, and pipelines that are called, come to the same", async () => {
  for (const order of ["last in first", { seed: 3 }] as const)
    for (const run of [
      (crashAfter: CrashAfter) => testPipeline(together, { order, crashAfter }),
      (crashAfter: CrashAfter) => testPipeline(outer, { order, crashAfter, params: { from: 1 } }),
    ]) {
      const [calm, shaken] = [await run([]), await run("every event")];
      expect(shaken.events).toEqual(calm.events);
      expect([calm.resumes, shaken.resumes > 5]).toEqual([0, true]);
    }
});

test("one crash after any single event changes nothing", async () => {
  const calm = await testPipeline(together);
  for (const { seq } of calm.events.slice(0, -1)) {
    const shaken = await testPipeline(together, { crashAfter: seq });
    expect({ seq, resumes: shaken.resumes, events: shaken.events }).toEqual({ seq, resumes: 1, events: calm.events });
  }
});

test("several crashes are as many resumes", async () => {
  expect((await testPipeline(together, { crashAfter: [3, 12, 9_999] })).resumes).toBe(2);
  expect((await testPipeline(together, { crashAfter: [] })).resumes).toBe(0);
});

test.each([0, -1, 1.5, [2, 0], "always", [Number.NaN]])("%j names no events", async (crashAfter) => {
  await expect(testPipeline(together, { crashAfter: crashAfter as CrashAfter })).rejects.toThrow("names no events");
});
