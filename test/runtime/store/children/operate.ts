/** Does operations on tasks, once its parent says so, as JSON on its command line; a refusal is no failure. Prints whatever else goes wrong. */
import { once } from "node:events";
import { openStore } from "../../../../src/runtime/store/open.ts";
import { type Operation, operate } from "../operations.ts";
import { agentNamed } from "../suite/fixtures.ts";

const [folder, agent, operations] = process.argv.slice(2) as [string, string, string];
const store = await openStore(folder);
await store.queue.join(agentNamed(agent));
console.log("ready");
await once(process.stdin, "data");
for (const operation of JSON.parse(operations) as Operation[])
  await operate(store, agent, operation).catch((error: Error) => {
    if (error.name !== "ConflictError") console.log(`${JSON.stringify(operation)}: ${error.stack}`);
  });
await store.close();
process.stdin.destroy();
