/**
 * A long loop in a process of its own: `reruns.ts JSON FOLDER COUNT [ID]` reruns one step COUNT times, on a store in FOLDER, and leaves the run waiting for a
 * last step. JSON is `loop.ts`, compiled: the compiler would stay in memory. Prints what each tenth of the loop took: time, SQL statements, and the memory after it.
 */
import { readFileSync } from "node:fs";
import { open } from "../../src/open.ts";
import { statements } from "./statements.ts";

const [json = "", folder = "", count = "1000", id = "loop"] = process.argv.slice(2);
const max = Number(count);

type Tenth = { usPerRerun: number; cpuUsPerRerun: number; statementsPerRerun: number; heapMb: number; rssMb: number };
const tenths: Tenth[] = [];
let ended = 0;
let mark = taken();

const reprise = await open({ store: folder, isolation: "inline", slots: 1 });
const run = await reprise.start(JSON.parse(readFileSync(json, "utf8")), { max }, { id });
const waiting = Promise.withResolvers<void>();
const stop = reprise.store.events.follow(run.id, 0, (events) => {
  for (const { kind, task } of events) {
    if (kind === "running" && task === `${run.id}/hold`) waiting.resolve();
    if (kind === "completed" && ++ended % (max / 10) === 0) endTenth();
  }
});
await waiting.promise;
stop();
await reprise.close();
console.log(JSON.stringify(tenths));

function taken() {
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), cpuUs: user + system, statements: statements() };
}

function endTenth(): void {
  const now = taken();
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  tenths.push({
    usPerRerun: ((now.at - mark.at) * 10_000) / max,
    cpuUsPerRerun: ((now.cpuUs - mark.cpuUs) * 10) / max,
    statementsPerRerun: ((now.statements - mark.statements) * 10) / max,
    heapMb: heapUsed / 1e6,
    rssMb: rss / 1e6,
  });
  mark = taken();
}
