import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgent } from "../src/runtime/agent/agent.ts";
import { processExecutor } from "../src/runtime/agent/executors/process.ts";
import { inlineExecutor } from "../src/runtime/agent/executors/inline.ts";
import { openStore } from "../src/runtime/store/open.ts";
import { startRun } from "./runtime/agent/run.ts";
import { bundleOf } from "./runtime/agent/steps.ts";
const bundle = await bundleOf(`
export const burn = async () => { const end = performance.now() + 20; while (performance.now() < end); };
export const noop = async () => {};`);
for (const mode of ["process", "inline"]) for (const round of [1, 2]) {
  const folder = await mkdtemp(join(tmpdir(), "reprise-bench-"));
  const store = await openStore(folder);
  const run = await startRun(store, bundle, ["burn", "noop"], "run");
  const ex = mode === "process" ? processExecutor({ store, bundleDir: join(folder, "b"), slots: 2 }) : inlineExecutor({ store, bundleDir: join(folder, "b") });
  const agent = createAgent({ store, queues: ["default"], slots: 2, executors: [ex] });
  await agent.start();
  const t0 = performance.now();
  await run.event(await run.start("noop", { path: "warm" }), "completed");
  await run.event(await run.start("noop", { path: "warm2" }), "completed");
  const t1 = performance.now();
  if (mode === "process") {
    await Promise.all(Array.from({ length: 64 }, (_, n) => run.start("burn", { path: "b" + n })));
    await run.until(() => run.events.filter((e) => e.kind === "completed").length === 66);
  }
  const t2 = performance.now();
  for (let n = 0; n < 500; n++) await run.event(await run.start("noop", { path: "n" + n }), "completed");
  const t3 = performance.now();
  await Promise.all(Array.from({ length: 1000 }, (_, n) => run.start("noop", { path: "f" + n })));
  await run.until(() => run.events.filter((e) => e.kind === "completed").length >= 1502);
  const t4 = performance.now();
  await agent.stop();
  const t5 = performance.now();
  console.log(mode, "first two", (t1 - t0).toFixed(0), "ms; 64x20 on 2:", (t2 - t1).toFixed(0), "ms (ideal 640); chain no-op us/step", ((t3 - t2) * 2).toFixed(0), "fan-out 1000 us/step", (t4 - t3).toFixed(0), "stop", (t5 - t4).toFixed(0));
  await store.close();
}
