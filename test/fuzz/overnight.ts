/**
 * npm run fuzz:overnight -- [--seed S] [--hours H]
 *
 * The fuzzer, one seed after another, each in a process of its own, as the programs that a process has imported stay in its memory. Ends at the first
 * disagreement, or when the time is over.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    hours: { type: "string", default: "8" },
  },
});
const until = Date.now() + Number(values.hours) * 3_600_000;

for (let seed = Number(values.seed); Date.now() < until; seed += 1) {
  const args = ["--no-warnings", join(import.meta.dirname, "main.ts"), "--seed", String(seed), "--runs", "5000"];
  const { status, signal } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(signal ? 130 : 1);
}
