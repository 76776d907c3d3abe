/** Claims the tasks of the queue `default` one at a time, the first when its parent says so, the rest when it says so again, and prints their ids. */
import { createInterface } from "node:readline";
import { openStore } from "../../../../src/runtime/store/open.ts";
import { agentNamed } from "../suite/fixtures.ts";

const [folder, agent] = process.argv.slice(2) as [string, string];
const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const store = await openStore(folder);
await store.queue.join(agentNamed(agent));
console.log("ready");
await told.next();
for (let isFirst = true; ; isFirst = false) {
  const [claim] = (await store.queue.claim({ agent, queues: ["default"], limit: 1 })).claims;
  if (claim === undefined) break;
  console.log(claim.task.id);
  await store.queue.report({ task: claim.task.id, attempt: claim.attempt, agent, outcome: "completed" });
  if (isFirst) await told.next();
}
await store.close();
process.stdin.destroy();
