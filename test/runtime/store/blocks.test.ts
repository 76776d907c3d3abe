/** What is found by blocks is found wherever their ends lie, and none is listed for ever: see migrations/blocks.ts. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { sizes } from "../../../src/runtime/store/blocks.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { temporaryFolder } from "./folders.ts";
import { type Running, running } from "./suite/fixtures.ts";

const opened = async (folder = temporaryFolder()) => ({ folder, ...(await running(() => openStore(folder))) });

/** What a query gives, as another process sees it. */
function asked(folder: string, query: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(folder, "reprise.db"), { readOnly: true });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

const listed = (folder: string) =>
  asked(folder, "select block from running order by block").map(({ block }) => block as number);

const decisions = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    kind: "decision" as const,
    path: `loop1[${from + i}]`,
    of: "loop" as const,
    outcome: 1,
    explanation: "again",
  }));

/** Clones and claims so many steps. Gives the ids. */
async function stepsThatRun({ store, turn, fit, agent }: Running, count: number, prefix: string): Promise<string[]> {
  await turn(
    ...Array.from({ length: count }, (_, i) => ({ kind: "clone" as const, template: fit, path: `${prefix}[${i}]/x` })),
  );
  const { claims } = await store.queue.claim({ agent, queues: ["default"], limit: count });
  return claims.map(({ task }) => task.id);
}

const completed = ({ store, agent }: Running, ids: string[]) =>
  Promise.all(ids.map((task) => store.queue.report({ task, attempt: 1, agent, outcome: "completed" })));

const sound = async ({ store }: Running) => expect((await store.check()).database).toEqual([]);

test("a history of several chapters, with another run's in between, is read whole and from any event on", async () => {
  const { folder, ...given } = await opened();
  await using store = given.store;
  const other = await store.runs.start((await store.tasks.get(given.run))!.parent!, { id: "other" });
  expect(other.created).toBe(true);
  const { claims } = await store.queue.claim({ agent: given.agent, queues: ["services"], limit: 1 });
  expect(claims).toHaveLength(1);
  const half = sizes.events / 2;
  for (let i = 0; i < 5; i++) {
    await given.turn(...decisions(i * half, (i + 1) * half));
    await store.runs.turn("other", 1, decisions(i * 10, (i + 1) * 10));
  }
  const [ours, theirs] = [await store.events.read(given.run, 0), await store.events.read("other", 0)];
  expect(ours.filter(({ kind }) => kind === "decision")).toHaveLength(5 * half);
  expect(theirs.filter(({ kind }) => kind === "decision")).toHaveLength(50);
  for (const events of [ours, theirs]) {
    const numbers = events.map(({ seq }) => seq);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    for (const i of [0, 1, 2, 30, 49, numbers.length - 2])
      expect((await store.events.read(events[0]!.run, numbers[i]!, 3)).map(({ seq }) => seq)).toEqual(
        numbers.slice(i + 1, i + 4),
      );
  }
  for (const end of [sizes.events - 1, sizes.events, sizes.events + 1])
    expect((await store.events.read(given.run, end, 1))[0]!.seq).toBe(ours.find(({ seq }) => seq > end)!.seq);
  // Of the run with few, each chapter that it has left lists them.
  const chapters = asked(
    folder,
    "select block, rows is not null as known from chapters where run = (select key from tasks where id = 'other') order by block",
  );
  expect(chapters).toEqual([
    { block: 0, known: 1 },
    { block: 1, known: 1 },
    { block: 2, known: 0 },
  ]);
  await sound(given);
  await store.runs.abort("other", "enough");
  await store.tasks.delete("other");
  expect(await store.events.read("other", 0)).toEqual([]);
  expect(await store.events.read(given.run, 0)).toEqual(ours);
  await sound(given);
}, 30_000);

test("tasks that run are found in whichever block they are, and a block in which none does is not listed any more", async () => {
  const { folder, ...given } = await opened();
  await using store = given.store;
  const ids = await stepsThatRun(given, 3 * sizes.tasks, "loop1");
  expect(listed(folder).length).toBeGreaterThanOrEqual(3);
  const left = [ids[3]!, ids[sizes.tasks + 7]!];
  await completed(
    given,
    ids.filter((id) => !left.includes(id)),
  );
  await sound(given);
  expect((await store.tasks.list({ status: "running" })).map(({ id }) => id).sort()).toEqual(
    [given.run, ...left].sort(),
  );
  // And that of the latest, which is not over.
  expect(listed(folder)).toEqual([0, 1, 3]);
  expect((await store.queue.rescue(({ id }) => id === given.agent)).sort()).toEqual([given.run, ...left].sort());
  await sound(given);
  expect(await store.queue.rescue(() => false)).toEqual([]);
  expect(listed(folder)).toEqual([]);
}, 30_000);

test("a chain enters and leaves its blocks as it goes", async () => {
  const { folder, ...given } = await opened();
  await using _ = given.store;
  for (let i = 0; i < 2 * sizes.tasks; i++) await completed(given, await stepsThatRun(given, 1, `loop${i}`));
  // That of the run itself, and that of the latest step.
  expect(listed(folder).length).toBeLessThanOrEqual(2);
  await sound(given);
}, 30_000);

test("blocks that others have left listed are let go by who looks for the lost, and only those", async () => {
  const { folder, ...given } = await opened();
  await using _store = given.store;
  const early = await stepsThatRun(given, sizes.tasks + 10, "early");
  // Another process writes: what was counted is forgotten.
  await using another = await openStore(folder);
  await another.queue.pause("elsewhere", true);
  const late = await stepsThatRun(given, 2 * sizes.tasks, "late");
  await another.queue.pause("elsewhere", false);
  await completed(given, [...early.slice(1), ...late]);
  await sound(given);
  expect(listed(folder).length).toBeGreaterThan(1);
  expect(await another.queue.rescue(({ id }) => id === "nobody")).toEqual([]);
  // The run and its first step.
  expect(listed(folder)).toEqual([0]);
  const again = await stepsThatRun(given, 5, "again");
  await sound(given);
  expect((await another.tasks.list({ status: "running" })).length).toBe(2 + again.length);
  expect((await another.queue.rescue(({ id }) => id === given.agent)).length).toBe(2 + again.length);
}, 30_000);
