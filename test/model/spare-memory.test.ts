import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

test("a young generation grows to 8 MB a half, and no further; as V8 has it, further", { timeout: 30_000 }, () => {
  expect(youngGeneration({ spared: true })).toBe(16);
  expect(youngGeneration({ spared: false })).toBeGreaterThan(16);
});

test("a process that spares memory ends when it has nothing to do", { timeout: 30_000 }, () => {
  expect(run("spareMemory(); spareMemory();")).toBe("");
});

/** In MB, both halves, at its largest, in a process that has kept what it made for a while: V8 also makes it smaller again, whenever it likes. */
function youngGeneration({ spared }: { spared: boolean }): number {
  const printed = run(`
    import { getHeapSpaceStatistics } from "node:v8";
    import { setImmediate as turn } from "node:timers/promises";
    ${spared ? "spareMemory();" : ""}
    const kept = [];
    let most = 0;
    for (let i = 0; i < 4_000; i++) {
      kept[i % 400] = Array.from({ length: 1_000 }, (_, n) => ({ n }));
      if (i % 20 > 0) continue;
      await turn();
      most = Math.max(most, getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size);
    }
    console.log(most / 1024 / 1024);
  `);
  return Number(printed);
}

function run(program: string): string {
  const module = new URL("../../src/model/spare-memory.ts", import.meta.url).href;
  const source = `import { spareMemory } from ${JSON.stringify(module)};\n${program}`;
  return execFileSync(process.execPath, ["--input-type=module", "--no-warnings", "-e", source], { encoding: "utf8" });
}
