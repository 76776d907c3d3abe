/** Claims of agents in the store's own process: they join the transaction that queued the task, one transaction less for each step. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Claimed, ConflictError } from "../../../src/runtime/ports.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { temporaryFolder } from "./folders.ts";
import { type Running, running } from "./suite/fixtures.ts";

/** The kinds of the run's events, a list for each commit. */
async function commits({ store, run }: Running): Promise<string[][]> {
  const heard: string[][] = [];
  const { seq } = (await store.events.read(run, 0)).at(-1)!;
  store.events.follow(run, seq, (events) => heard.push(events.map(({ kind }) => kind)));
  await setImmediate();
  return heard;
}

const clone = ({ fit }: Running, path: string) => ({ kind: "clone", template: fit, path }) as const;

test("a task is claimed in the transaction that queues it", async () => {
  const given = await running(() => openStore(temporaryFolder()));
  await using store = given.store;
  const asked: Promise<Claimed>[] = [];
  const ready = () => asked.push(store.queue.claim({ agent: given.agent, queues: ["default"], limit: 2 }));
  store.queue.watch(given.agent, { ready, revoked() {} });
  const heard = await commits(given);
  await given.turn(clone(given, "one"), clone(given, "two"));
  expect((await Promise.all(asked)).map(({ claims }) => claims.map(({ task }) => task.path))).toEqual([["one", "two"]]);
  expect(heard).toEqual([["created", "queued", "created", "queued", "running", "running"]]);
});

test("a claim that is refused is refused alone", async () => {
  const given = await running(() => openStore(temporaryFolder()));
  await using store = given.store;
  const refusals: unknown[] = [];
  const ready = () =>
    void store.queue.claim({ agent: "nobody", queues: ["default"], limit: 1 }).catch((error) => refusals.push(error));
  store.queue.watch("nobody", { ready, revoked() {} });
  const heard = await commits(given);
  await given.turn(clone(given, "one"));
  await expect.poll(() => refusals).toEqual([expect.any(ConflictError)]);
  expect(heard).toEqual([["created", "queued"]]);
});

test("of more waiting tasks than are remembered, in several queues, one that was aborted is not claimed", async () => {
  const given = await running(() => openStore(temporaryFolder()));
  await using store = given.store;
  const claim = async (queue: string) =>
    (await store.queue.claim({ agent: given.agent, queues: [queue], limit: 3_000 })).claims;
  expect([...(await claim("default")), ...(await claim("other"))]).toEqual([]);
  const queues = Array.from({ length: 5_000 }, (_, i) => (i % 2 === 0 ? "default" : "other"));
  await given.turn(...queues.map((queue, i) => ({ ...clone(given, `fit[${i}]`), options: { queue } })));
  const last = "run/fit[4999]";
  await given.turn({ kind: "abort", task: last, reason: "no" });
  const claimed = (await claim("other")).map(({ task }) => task.id);
  expect(claimed).toHaveLength(2_499);
  expect(claimed).not.toContain(last);
});
