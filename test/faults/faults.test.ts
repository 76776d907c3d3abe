/** A slice of the faults campaign: `npm run faults -- --seed S` runs 200 tasks, each of which is lost twice on average. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

it("agents are killed at random while tasks run: each task is completed once in the record, and its attempts are visible", {
  timeout: 60_000,
}, () => {
  const args = ["--seed", "1", "--tasks", "24", "--losses", "0.5", "--agents", "2"];
  const main = ["--conditions=reprise-source", "--no-warnings", join(import.meta.dirname, "main.ts"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, main, { encoding: "utf8", timeout: 55_000 });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain("24 tasks completed once each");
});
