/** The examples that wait, run from a program: on a real store, by real agents. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filter, firstValueFrom } from "rxjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import publishWhenApproved from "../../examples/signal/pipeline.ts";
import lookUntilItIsThere from "../../examples/sleep/pipeline.ts";
import { ConflictError, open, type Reprise, type Run } from "../../src/open.ts";
import { openWaits } from "../../src/runtime/controller/waiting.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-waits-"));
let reprise: Reprise;

beforeAll(async () => {
  reprise = await open({ store: folder, isolation: "inline" });
});
afterAll(async () => {
  await reprise.close();
  rmSync(folder, { recursive: true, force: true });
});

const waitsFor = (run: Run<unknown>, path: string) =>
  firstValueFrom(run.state$.pipe(filter(({ waiting }) => openWaits(waiting).some((wait) => wait.path === path))));

test("sleep comes to the same as the plain call", async () => {
  const run = await reprise.start(lookUntilItIsThere, { every: "30ms" });
  const { waitedMs, ...result } = await run.result();
  expect(result).toEqual({ rows: 300, looks: 3 });
  expect(waitedMs).toBeGreaterThanOrEqual(60);
});

test("signal publishes what a program approves", async () => {
  const run = await reprise.start(publishWhenApproved, { remindAfter: "1h" });
  await waitsFor(run, "approval");
  await expect(run.signal("approved", { by: 3 })).rejects.toThrow('"by": expected a string, got 3');
  await expect(run.signal("approve", { by: "Ada" })).rejects.toThrow('did you mean "approved"?');
  await run.signal("approved", { by: "Ada" });
  expect(await run.result()).toEqual({ published: "the numbers of the week, approved by Ada" });
  await expect(run.signal("approved", { by: "Ada" })).rejects.toThrow(ConflictError);
});

test("signal gives up after its reminders, which were detached and end with the run or after it", async () => {
  const run = await reprise.start(publishWhenApproved, { remindAfter: "10ms", reminders: 2 });
  expect(await run.result()).toEqual({ published: null });
  await run.finished();
  const tasks = (await reprise.store.tasks.list({ run: run.id })).slice(1);
  expect(tasks.map(({ path, status }) => [path, status])).toEqual([
    ["draft", "completed"],
    ["loop1[1]/remind", "completed"],
    ["loop1[2]/remind", "completed"],
  ]);
});
