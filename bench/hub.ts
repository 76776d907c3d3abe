/**
 * From the end of a step to the beginning of the one that depends on it, through a hub and a remote agent on loopback, each in a process of its own:
 * `npm run bench:hub [STEPS]`. Milliseconds.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../src/compiler/compile.ts";
import { encode } from "../src/model/value.ts";
import { openHub } from "../src/runtime/hub/client/open.ts";
import { freePort, kill, startAgent, startHub } from "../test/runtime/hub/campaign/processes.ts";

const steps = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), "reprise-bench-hub-"));
const { pipeline } = await compile(join(import.meta.dirname, "../test/runtime/hub/fixtures/work.ts"));
const port = await freePort();
const address = `http://127.0.0.1:${port}`;

/** `serving`: queues of the hub itself; the agent serves the others. */
async function measured(name: string, serving: string[], agentOf: string): Promise<void> {
  const hub = await startHub(folder, name.replaceAll(" ", "-"), port, ...serving);
  const agent = await startAgent(folder, address, "--queue", agentOf, "--slots", "2");
  const client = await openHub({ address, folder });
  const { controller } = await client.runs.register(pipeline);
  for (const id of ["warm", "measured"]) {
    await client.runs.start(controller, { id, params: { text: encode({ width: 0, depth: steps, ms: 0 }) } });
    await new Promise<void>((resolve) => {
      client.events.follow(
        id,
        0,
        (events) => events.some(({ task, kind }) => task === id && kind === "completed") && resolve(),
      );
    });
  }
  const events = await client.events.read("measured", 0);
  const began = new Map(events.flatMap(({ task, kind, at }) => (kind === "running" ? [[task, at] as const] : [])));
  const tasks = (await client.tasks.list({ run: "measured" })).slice(1);
  const gaps = tasks.slice(1).map(({ id }, i) => began.get(id)! - tasks[i]!.endedAt!);
  const whole = tasks.at(-1)!.endedAt! - tasks[0]!.startedAt!;
  gaps.sort((a, b) => a - b);
  const at = (share: number) => gaps[Math.floor(gaps.length * share)];
  console.log(
    `${name}: step to step ${at(0.5)} ms median, ${at(0.95)} ms at 95 %; ${(whole / tasks.length).toFixed(1)} ms a step, its own work included`,
  );
  await client.close();
  await kill(agent);
  await kill(hub);
}

try {
  await measured("remote agent runs graph and steps", [], "services,default");
  await measured("hub runs graphs, remote agent steps", ["--queue", "services"], "default");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
