/** A program that runs an agent with two steps that never end, for a test that kills it. Arguments: its store, a port to connect to, and how the steps never end. */
import { join } from "node:path";
import { createAgent } from "../../../../src/runtime/agent/agent.ts";
import { processExecutor } from "../../../../src/runtime/agent/executors/process.ts";
import { openStore } from "../../../../src/runtime/store/open.ts";
import { startRun } from "../run.ts";
import { bundleOf } from "../steps.ts";

const [folder, port, how] = process.argv.slice(2) as [string, string, string];
const bundle = await bundleOf(`
import { once } from "node:events";
import { connect } from "node:net";
export const stay = async ({ port, how }) => {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  if (how !== "waits") for (;;);
  await new Promise(() => {});
};`);
const store = await openStore(folder);
const run = await startRun(store, bundle, ["stay"], "run");
const executors = [processExecutor({ store, bundleDir: join(folder, "bundles"), slots: 2 })];
await createAgent({ store, queues: ["default"], slots: 2, executors }).start();
for (const path of ["one", "two"]) await run.start("stay", { path, input: { port: Number(port), how } });
