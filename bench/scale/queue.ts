/**
 * A long queue in a process of its own: `queue.ts FOLDER COUNT` enqueues COUNT tasks, looks at the queue, and claims them one by one to the end. Prints what each
 * thousand took to be enqueued, to be looked at and to be claimed: the processor's time, and SQL statements.
 */
import type { Store } from "../../src/runtime/ports.ts";
import { openStore } from "../../src/runtime/store/open.ts";
import { statements } from "./statements.ts";

const [folder = "", count = "10000"] = process.argv.slice(2);
const thousands = Number(count) / 1_000;
const queues = ["default"];
const agent = "agent";

type Cost = { cpuUs: number; statements: number };
type Thousand = { enqueue: Cost; list: Cost; claim: Cost };

const store = await openStore(folder);
await store.queue.join({ id: agent, host: "here", pid: 1, processStart: "1", queues, slots: 1, leaseUntil: 0 });
// The first of each is compiled, by SQLite and by V8.
await enqueue(store, thousands);
await list(store);
await claim(store);

const filled: Pick<Thousand, "enqueue" | "list">[] = [];
for (let i = 0; i < thousands; i++)
  filled.push({ enqueue: await cost(() => enqueue(store, i)), list: await cost(() => list(store)) });
const claims: Cost[] = [];
for (let i = 0; i < thousands; i++) claims.push(await cost(() => claim(store)));
const left = await store.queue.entries("default");
await store.close();
const all: Thousand[] = filled.map((each, i) => ({ ...each, claim: claims[i]! }));
console.log(JSON.stringify({ thousands: all, left: left.length }));

async function enqueue({ tasks }: Store, thousand: number): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    const id = `${thousand}-${i}`;
    const code = { kind: "script" as const, entry: "train.ts", bundle: `sha256:${"0".repeat(64)}` as const };
    await tasks.create({ id, name: id, code, options: { type: "training", queue: "default" } });
    await tasks.enqueue(id);
  }
}

/** As a page and the command line do. */
async function list({ tasks, queue }: Store): Promise<void> {
  for (let i = 0; i < 100; i++) {
    await queue.entries("default", 50);
    await tasks.list({ status: "queued", limit: 50 });
  }
}

async function claim({ queue }: Store): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    const [claimed] = (await queue.claim({ agent, queues, limit: 1 })).claims;
    const { task, attempt } = claimed!;
    await queue.report({ task: task.id, attempt, agent, outcome: "completed" });
  }
}

async function cost(act: () => Promise<void>): Promise<Cost> {
  globalThis.gc?.();
  const before = statements();
  const begun = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(begun);
  return { cpuUs: (user + system) / 1_000, statements: (statements() - before) / 1_000 };
}
