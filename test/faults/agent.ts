/** An agent that is to be killed: `agent.ts FOLDER`. Says its id when it serves. */
import { join } from "node:path";
import { createAgent } from "../../src/runtime/agent/agent.ts";
import { inlineExecutor } from "../../src/runtime/agent/executors/inline.ts";
import { controllerExecutor } from "../../src/runtime/controller/executor.ts";
import { openStore } from "../../src/runtime/store/open.ts";

const [folder = ""] = process.argv.slice(2);
const store = await openStore(folder);
const executors = [controllerExecutor(store), inlineExecutor({ store, bundleDir: join(folder, "bundles") })];
const agent = createAgent({ store, queues: ["services", "default"], slots: 4, executors });
await agent.start();
console.log(agent.id);
