/** Resumes what `reruns.ts` has left, in a process of its own: `resume.ts FOLDER` prints how many events were recorded, and how long it took to the end. */
import { open } from "../../src/open.ts";
import { statements } from "./statements.ts";

const [folder = ""] = process.argv.slice(2);
const reprise = await open({ store: folder, isolation: "inline", slots: 1 });
const events = await reprise.store.events.latest();
const begun = performance.now();
const run = await reprise.resume("loop");
const result = await run.result();
const ms = performance.now() - begun;
const sql = statements();
await reprise.close();
console.log(JSON.stringify({ ms, events, statements: sql, result, rssMb: process.resourceUsage().maxRSS / 1_024 }));
