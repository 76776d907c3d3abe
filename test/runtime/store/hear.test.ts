/** Who hears is told before the commit, and what it answers is committed with what it was told of: a step is one transaction. */
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Event } from "../../../src/model/event.ts";
import { StoreError } from "../../../src/runtime/ports.ts";
import { openDatabase } from "../../../src/runtime/store/database.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { child } from "./children.ts";
import { temporaryFolder } from "./folders.ts";
import { claimOne, type Running, running } from "./suite/fixtures.ts";

const opened = () => running(() => openStore(temporaryFolder()));
const clone = ({ fit }: Running, path: string) => ({ kind: "clone", template: fit, path }) as const;
const latest = async ({ store, run }: Running) => (await store.events.read(run, 0)).at(-1)!.seq;

/** What `what` comes to, with a step that runs. */
async function withStep<T>(
  what: (given: Running, complete: (path: string) => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const given = await opened();
  await using store = given.store;
  await given.turn(clone(given, "one"));
  await claimOne(store, given.agent, "default");
  return await what(given, (path) =>
    store.queue.report({ task: `${given.run}/${path}`, attempt: 1, agent: given.agent, outcome: "completed" }),
  );
}

test("the end of a step, the next one and its claim are one commit", () =>
  withStep(async (given, complete) => {
    const { store, run, agent } = given;
    const commits: string[][] = [];
    store.events.follow(run, await latest(given), (events) => commits.push(events.map(({ kind }) => kind)));
    const answers: Promise<unknown>[] = [];
    store.queue.watch(agent, {
      ready: () => answers.push(store.queue.claim({ agent, queues: ["default"], limit: 1 })),
      revoked() {},
    });
    store.events.hear(run, await latest(given), {
      // A few jobs later, as a body that awaits a few times.
      hear: (events) =>
        events.some(({ kind }) => kind === "completed") &&
        answers.push(Promise.resolve().then(() => given.turn(clone(given, "two")))),
      fail: () => expect.unreachable(),
    });
    await setImmediate();
    await complete("one");
    await Promise.all(answers);
    expect(commits).toEqual([["completed", "created", "queued", "running"]]);
    expect(answers).toHaveLength(2);
  }));

test("a claim that was asked for with the end of a step finds what is answered to it: one slot is one transaction a step", () =>
  withStep(async (given, complete) => {
    const { store, run, agent } = given;
    store.events.hear(run, await latest(given), {
      hear: (events) => events.some(({ kind }) => kind === "completed") && void given.turn(clone(given, "two")),
      fail: () => expect.unreachable(),
    });
    const [, { claims }] = await Promise.all([
      complete("one"),
      store.queue.claim({ agent, queues: ["default"], limit: 1 }),
    ]);
    expect(claims.map(({ task }) => task.path)).toEqual(["two"]);
  }));

test("events are told once, what was recorded before too", () =>
  withStep(async (given, complete) => {
    const { store, run, fit } = given;
    const told: Event[] = [];
    store.events.hear(run, 0, { hear: (events) => told.push(...events), fail: () => expect.unreachable() });
    await complete("one");
    await given.turn({ kind: "clone", template: fit, path: "two" });
    expect(told).toEqual(await store.events.read(run, 0));
  }));

test("those of another process come between, in the order of commits", async () => {
  const folder = temporaryFolder();
  const given = await running(() => openStore(folder));
  await using store = given.store;
  await given.turn(clone(given, "first"));
  const told: Event[] = [];
  const all = Promise.withResolvers<void>();
  store.events.hear(given.run, 0, {
    hear: (events) => told.push(...events) >= 3 + 2 * 61 && all.resolve(),
    fail: () => expect.unreachable(),
  });
  const other = child("clone.ts", [folder, given.run, given.fit, "other", "30"]);
  await other.lines.next();
  for (let i = 0; i < 30; i++) await given.turn(clone(given, `mine[${i}]`));
  await other.rest();
  await all.promise;
  expect(told.map(({ task, kind }) => `${task} ${kind}`)).toEqual(
    (await store.events.read(given.run, 0)).map(({ task, kind }) => `${task} ${kind}`),
  );
});

test("where the commit fails, who was told hears that too, and nothing has happened", async () => {
  const folder = temporaryFolder();
  const given = await running(() => openStore(folder));
  await using store = given.store;
  await given.turn(clone(given, "one"));
  await claimOne(store, given.agent, "default");
  const failure = Promise.withResolvers<unknown>();
  store.events.hear(given.run, await latest(given), { hear() {}, fail: failure.resolve });
  const report = store.queue.report({
    task: "run/one",
    attempt: 1,
    agent: given.agent,
    outcome: "completed",
    output: { text: "[1]" },
  });
  // What comes with it cannot be written: the whole transaction is refused.
  const broken = store.runs.turn("run", 1, [
    { kind: "chance", path: "a", value: 1 },
    { kind: "wait", path: "b", until: 10n as unknown as number },
  ]);
  await expect(report).rejects.toThrow();
  await expect(broken).rejects.toThrow();
  expect(await failure.promise).toBeInstanceOf(TypeError);
  expect((await store.tasks.get("run/one"))!.status).toBe("running");
  expect((await store.runs.chances("run")).size).toBe(0);
  // The store goes on.
  expect(await store.queue.report({ task: "run/one", attempt: 1, agent: given.agent, outcome: "completed" })).toBe(
    true,
  );
});

test("an operation that promised to check first, and did not, fails its transaction", async () => {
  const database = await openDatabase(temporaryFolder(), "normal");
  database.exec("create table notes (n integer) strict");
  let noted = 0;
  const nothing = () => {};
  database.participant = {
    ...{
      begun: nothing,
      done: nothing,
      closing: nothing,
      write: nothing,
      committed: nothing,
      failed: nothing,
      undo: nothing,
    },
    mark: () => ({ events: noted, tasks: 0 }),
  };
  const results = await Promise.allSettled([
    database.change(() => database.run("insert into notes values (1)")),
    database.change(() => {
      noted += 1;
      throw new Error("too late");
    }),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(database.all("select n from notes")).toEqual([]);
  expect(results[0]).not.toMatchObject({ reason: expect.any(StoreError) });
  database.close();
});

test("what a commit sets going is not in the async context of who has asked for it", () =>
  withStep(async (given) => {
    const { store, run, agent } = given;
    const context = new AsyncLocalStorage<string>();
    const heard: unknown[] = [];
    const note = () => void heard.push(context.getStore());
    store.queue.watch(agent, { ready: note, revoked() {} });
    store.events.hear(run, await latest(given), { hear: note, fail: () => expect.unreachable() });
    store.events.follow(run, await latest(given), note);
    // Nothing is to come by then that somebody else has asked for.
    await setImmediate();
    await context.run("who asks", () => given.turn(clone(given, "two")));
    expect(heard).toEqual([undefined, undefined, undefined]);
  }));
