/** A test records what a run records: the real runtime, on a real store with real agents, is the yardstick. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as train from "../../examples/pipelines/pipeline.ts";
import * as retry from "../../examples/retry/pipeline.ts";
import * as look from "../../examples/sleep/pipeline.ts";
import type { Event } from "../../src/model/event.ts";
import { open, type Reprise } from "../../src/open.ts";
import { type ModuleOf, testPipeline } from "../../src/testing/index.ts";
import * as fixtures from "./fixtures/pipelines.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-parity-"));
let reprise: Reprise;

beforeAll(async () => {
  reprise = await open({ store: folder, isolation: "inline" });
});
afterAll(async () => {
  await reprise.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What happened to each task, in its order: tasks side by side may overtake each other. Agents, ids of templates and times are the store's own. */
function byTask(events: readonly Event[]): Record<string, unknown[]> {
  const tasks: Record<string, unknown[]> = {};
  for (const event of events) {
    const { kind, task } = event;
    const said = {
      ...(kind === "decision" && { explanation: event.explanation, path: event.path, outcome: event.outcome }),
      ...(kind === "waiting" && { path: event.path }),
      ...(kind === "queued" && { queue: event.queue }),
      ...((kind === "retrying" || kind === "failed") && { failure: event.failure.message, attempt: event.attempt }),
    };
    tasks[task] ??= [];
    tasks[task].push({ kind, ...said });
  }
  return tasks;
}

test.each<[string, ModuleOf, object]>([
  ["retry", retry, {}],
  ["retry", retry, { answersAt: 9 }],
  ["pipelines", train, { seed: 3 }],
  ["sleep", look, { every: "5ms" }],
  ["a pipeline that is retried", { ...fixtures, default: fixtures.again }, { most: 7 }],
  ["pipelines, one of which fails", { ...fixtures, default: fixtures.caller }, { from: 60 }],
])("%s %#", async (_, module, params) => {
  const run = await reprise.start(module.default as never, params as never);
  const outcome = await run.outcome();
  const real = (await reprise.store.events.read(run.id, 0)).map((event) => ({
    ...event,
    task: event.task.replace(run.id, "run"),
  }));
  const tested = await testPipeline(module, { params } as never);
  expect(tested.status).toBe(outcome.status);
  expect(byTask(tested.events)).toEqual(byTask(real));
});
