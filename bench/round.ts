/** One contestant in a fresh process, one round: `round.ts FILE` prints what each measure took, as JSON. The cold start comes first, then a small warm-up. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Round } from "./contestant/measures.ts";

const [file = ""] = process.argv.slice(2);
const peer = await import(resolve(file));
const dir = mkdtempSync(join(tmpdir(), "reprise-bench-"));
await peer.setup({ dir });
await peer.chain(1);
const coldMs = performance.now();

await peer.chain(20);
await peer.fanout(50, 16);
await peer.loop(10);
await peer.manyRuns(10, 5);
const begun = process.cpuUsage();
const round: Round = {
  coldMs,
  chain: (await peer.chain(500)) / 500,
  fanout: (await peer.fanout(2_000, 16)) / 2_001,
  loop: (await peer.loop(200)) / 200,
  runs: (await peer.manyRuns(500, 5)) / 2_500,
  ...(peer.cpu && { cores: (await peer.cpu(64, 20)) / ((64 * 20) / 2) }),
  cpuMs: 0,
  rssMb: 0,
};
const { user, system } = process.cpuUsage(begun);
round.cpuMs = (user + system) / 1_000;
round.rssMb = process.resourceUsage().maxRSS / 1_024;
console.log(JSON.stringify(round));
await peer.teardown();
rmSync(dir, { recursive: true, force: true });
process.exit();
