/** Runs the pipeline beside it with a controller and an agent in this process, and says how large this process and those of the steps became. */
import { open } from "reprise/runtime";
import large from "../fixtures/large.ts";

const [store, mb] = process.argv.slice(2) as [string, string];
await using reprise = await open({ store });
const { bytes, peaks } = await (await reprise.start(large, { mb: Number(mb) })).result();
peaks.push(Math.round(process.resourceUsage().maxRSS / 1024));
console.log(JSON.stringify({ bytes, peaks }));
