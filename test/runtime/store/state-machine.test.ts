/** Several processes do at random what may be done to tasks, to the same ones at once. `ROUNDS=200 SEED=7 npm run moves` does more of it. */
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

const { ROUNDS = "2", SEED } = process.env;
const numRuns = Number(ROUNDS);

test("only moves of the table happen, a task waits in one queue at most, and no event is lost or doubled", {
  timeout: numRuns * 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(operations, operations, operations), (each) => round(each)),
    { numRuns, endOnFailure: true, ...(SEED && { seed: Number(SEED) }) },
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
  const all = () => [...heard.values()].flat();
  await expect.poll(() => Math.max(0, ...all().map(({ seq }) => seq))).toBe(latest);
  for (const id of ids) await checkTask(store, id, heard.get(id)!);
  checkNumbers(all(), latest);
  await checkQueues(store);
  expect((await store.check()).database).toEqual([]);
  for (const stop of stops) stop();
}

/** Every number was given out once, but for those of events that went with their task before anybody could hear of them. */
function checkNumbers(heard: Event[], latest: number): void {
  const numbers = new Set(heard.map(({ seq }) => seq));
  expect(numbers.size).toBe(heard.length);
  const lastDeletion = Math.max(0, ...heard.flatMap(({ kind, seq }) => (kind === "deleted" ? [seq] : [])));
  for (let seq = lastDeletion + 1; seq <= latest; seq++) expect(numbers, `event ${seq}`).toContain(seq);
}

async function checkTask(store: Store, id: string, heard: Event[]): Promise<void> {
  const told = await store.events.read(id, 0);
  const numbers = heard.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  // Of a task that was deleted and made again, the record is that of the last one.
  const own = heard.slice(heard.findLastIndex(({ kind }) => kind === "deleted") + 1);
  expect(own).toEqual(told);

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
