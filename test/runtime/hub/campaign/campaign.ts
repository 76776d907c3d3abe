/**
 * A run of many tasks on agents in other processes, through a hub in another one, while hub and agents are killed and connections cut, at moments that a seed
 * chooses. What must hold: the right result, one accepted completion of each task, and a follower who misses no event and hears none twice.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "../../../../src/model/event.ts";
import type { Pipeline } from "../../../../src/model/pipeline.ts";
import { encode } from "../../../../src/model/value.ts";
import { openHub } from "../../../../src/runtime/hub/client/open.ts";
import { openStore } from "../../../../src/runtime/store/open.ts";
import { freePort, kill, startAgent, startHub } from "./processes.ts";
import { TestProxy } from "./proxy.ts";

export type Plan = {
  seed: number;
  /** Tasks at once, and one after the other. */
  width: number;
  depth: number;
  agents: number;
  hubKills: number;
  agentKills: number;
  /** For how long, each. */
  cutsMs: number[];
};

export type Seen = {
  status: string;
  output: unknown;
  expected: string;
  /** Tasks that have completed more than once, or not at all. */
  odd: string[];
  followed: Event[];
  recorded: Event[];
  /** Lines and points by their number of repetitions. */
  lines: number;
  points: number;
};

const taskMs = 60;

export async function campaign(pipeline: Pipeline, plan: Plan): Promise<Seen> {
  const { seed, width, depth } = plan;
  const folder = mkdtempSync(join(tmpdir(), "reprise-campaign-"));
  const random = chanceFrom(seed);
  const port = await freePort();
  const proxy = await TestProxy.to(port);
  let hub = await startHub(folder, "store", port);
  const newAgent = () =>
    startAgent(folder, proxy.address, "--queue", "services,default", "--slots", "3", "--isolation", "inline");
  const agents = await Promise.all(Array.from({ length: plan.agents }, newAgent));
  const client = await openHub({ address: proxy.address, folder: join(folder, "client") });
  try {
    const { controller } = await client.runs.register(pipeline);
    const followed: Event[] = [];
    const over = Promise.withResolvers<void>();
    const completed = new Milestones();
    const isEnd = ({ task, kind }: Event) => task === "r" && ["completed", "failed", "aborted"].includes(kind);
    client.events.follow("r", 0, (events) => {
      followed.push(...events);
      completed.add(events.filter(({ kind }) => kind === "completed").length);
      if (events.some(isEnd)) over.resolve();
    });
    await client.runs.start(controller, { id: "r", params: { text: encode({ width, depth, ms: taskMs }) } });

    const faults: (() => Promise<void>)[] = [
      ...Array.from({ length: plan.hubKills }, () => async () => {
        await kill(hub);
        hub = await startHub(folder, "store", port);
      }),
      ...Array.from({ length: plan.agentKills }, () => async () => {
        const i = Math.floor(random() * agents.length);
        await kill(agents[i]!);
        agents[i] = await newAgent();
      }),
      ...plan.cutsMs.map((ms) => () => proxy.cut(ms)),
    ];
    for (const [i, fault] of shuffled(faults, random).entries()) {
      await completed.reach(Math.floor(((i + random()) / faults.length) * (width + depth)));
      await fault();
    }
    await over.promise;
    await kill(hub);

    await using store = await openStore(join(folder, "store"));
    const recorded = await store.events.read("r", 0);
    const tasks = await store.tasks.list({ run: "r" });
    const completions = (id: string) => recorded.filter(({ task, kind }) => task === id && kind === "completed").length;
    const squares = tasks.filter(({ name, status }) => name === "square" && status === "completed");
    const lines = await Promise.all(squares.map(({ id }) => store.logs.read(id)));
    const points = await Promise.all(squares.map(({ id }) => store.metrics.read(id, "square", "of")));
    return {
      status: tasks[0]!.status,
      output: tasks[0]!.output,
      expected: encode((width * (width + 1) * (2 * width + 1)) / 6 + (depth * (depth - 1)) / 2),
      odd: tasks.filter(({ id }) => completions(id) !== 1).map(({ id }) => id),
      ...{ followed, recorded },
      lines: lines.filter((own) => own.length > 0).length,
      points: points.filter((own) => own.length > 0).length,
    };
  } finally {
    await Promise.all([hub, ...agents].map(kill));
    await client.close();
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Somebody waits until there were so many. */
class Milestones {
  #count = 0;
  #waiting: { count: number; resolve: () => void } | undefined;

  add(count: number): void {
    this.#count += count;
    if (this.#waiting && this.#waiting.count <= this.#count) this.#waiting.resolve();
  }

  reach(count: number): Promise<void> {
    if (count <= this.#count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { count, resolve };
    });
  }
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const shuffled = <T>(items: T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
