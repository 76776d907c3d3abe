/** Claims the tasks of the queue `default` one at a time, once its parent says so, and prints their ids. */
import { once } from "node:events";
import { openStore } from "../../../../src/runtime/store/open.ts";
import { agentNamed } from "../suite/fixtures.ts";

const [folder, agent] = process.argv.slice(2) as [string, string];
const store = await openStore(folder);
await store.queue.join(agentNamed(agent));
console.log("ready");
await once(process.stdin, "data");
for (;;) {
  const [claim] = await store.queue.claim({ agent, queues: ["default"], limit: 1 });
  if (claim === undefined) break;
  console.log(claim.task.id);
  await store.queue.report({ task: claim.task.id, attempt: claim.attempt, agent, outcome: "completed" });
}
await store.close();
process.stdin.destroy();
