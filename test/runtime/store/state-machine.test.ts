/** Several processes do at random what may be done to tasks, to the same ones at once. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Event } from "../../../src/model/event.ts";
import { moves, type TaskStatus } from "../../../src/model/task.ts";
import type { Store } from "../../../src/runtime/ports.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { child, together } from "./children.ts";
import { temporaryFolder } from "./folders.ts";
import { ids, type Operation, operation } from "./operations.ts";
import { become } from "./suite/properties.ts";

const operations = fc.array(operation, { minLength: 150, maxLength: 150 });

test("only moves of the table happen, a task waits in one queue at most, and no event is lost or doubled", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(operations, operations, operations), (each) => round(each)),
    { numRuns: 2, endOnFailure: true },
  );
});

async function round(each: Operation[][]): Promise<void> {
  const folder = temporaryFolder();
  await using store = await openStore(folder);
  const heard = new Map<string, Event[]>(ids.map((id) => [id, []]));
  const stops = ids.map((id) => store.events.follow(id, 0, (events) => heard.get(id)!.push(...events)));
  const children = each.map((own, i) => child("operate.ts", [folder, `agent-${i}`, JSON.stringify(own)]));
  await together(children);
  expect((await Promise.all(children.map((one) => one.rest()))).flat()).toEqual([]);
  const latest = await store.events.latest();
  for (const id of ids) await checkTask(store, id, heard.get(id)!, latest);
  await checkQueues(store);
  for (const stop of stops) stop();
}

async function checkTask(store: Store, id: string, heard: Event[], latest: number): Promise<void> {
  const told = await store.events.read(id, 0);
  const last = told.at(-1)?.seq ?? 0;
  expect(last).toBeLessThanOrEqual(latest);
  await expect.poll(() => heard.at(-1)?.seq ?? 0).toBeGreaterThanOrEqual(last);
  const numbers = heard.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(heard.filter(({ seq }) => told.some((event) => event.seq === seq))).toEqual(told);

  let status: TaskStatus | undefined;
  for (const { kind } of told) {
    const to = become[kind];
    if (to === undefined) continue;
    if (status === undefined) expect(kind).toBe("created");
    else expect(Object.values(moves[status]), `${id}: ${status} → ${to}`).toContain(to);
    status = to;
  }
  const task = await store.tasks.get(id);
  expect(task?.status).toBe(status);
  const attempts = await store.tasks.attempts(id);
  expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, i) => i + 1));
  expect(attempts).toHaveLength(task?.attempt ?? 0);
  expect(attempts.filter(({ outcome }) => outcome === "running")).toHaveLength(status === "running" ? 1 : 0);
}

async function checkQueues(store: Store): Promise<void> {
  const queued = await store.tasks.list({ status: "queued" });
  const entries = (await Promise.all(["default", "gpu"].map((queue) => store.queue.entries(queue)))).flat();
  expect(entries.map(({ task }) => task).sort()).toEqual(queued.map(({ id }) => id).sort());
  for (const { id, options } of queued) expect(entries.find(({ task }) => task === id)?.queue).toBe(options.queue);
}
