import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** Of a run with an artifact of so many megabytes: how large the processes of its steps and that of controller and agent became, in megabytes. */
async function peaksWith(mb: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "reprise-large-"));
  try {
    const child = join(import.meta.dirname, "children/large.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--conditions=reprise-source",
      child,
      folder,
      String(mb),
    ]);
    const { bytes, peaks } = JSON.parse(stdout);
    expect(bytes).toBe(mb * 1024 * 1024);
    return peaks;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `npm run large` takes 1024. */
const more = Number(process.env.REPRISE_TEST_LARGE_MB ?? 300);

// What the garbage collector leaves for a while has built up with 64 MB already.
test(`${more} MB more of an artifact pass through a pipeline, and no process grows by them`, {
  timeout: 120_000,
}, async () => {
  const [small, large] = [await peaksWith(64), await peaksWith(64 + more)];
  for (const [i, peak] of large.entries()) expect(peak - small[i]!).toBeLessThan(60);
});
