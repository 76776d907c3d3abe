/** How long `compile --watch` takes from an edit of the flagship to its JSON. */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "./contestant/measures.ts";

const here = import.meta.dirname;
const examples = join(here, "..", "examples");

/** Edits that change what is compiled, one each time. */
const edits = {
  "after an edit of a step": ["const mixed =", (n: number) => `const edit = ${n}; const mixed =`],
  "after an edit of the body": ["turns += 1;", (n: number) => `turns += 1 + ${n} - ${n};`],
} as const;

/** Milliseconds, the median of so many edits of each kind. The copy lies beside the flagship, so that it finds the same packages. */
export async function watchedEdits(count: number): Promise<Record<keyof typeof edits, number>> {
  const folder = mkdtempSync(join(examples, ".watched-"));
  cpSync(join(examples, "rerun-until-good"), folder, { recursive: true });
  const file = join(folder, "pipeline.ts");
  const out = join(folder, "out.json");
  const text = readFileSync(file, "utf8");
  const child = spawn(
    process.execPath,
    [join(here, "..", "bin", "reprise.cjs"), "compile", file, "-o", out, "--watch"],
    { stdio: "ignore" },
  );
  try {
    await written(out, () => {});
    const took: Record<string, number> = {};
    for (const [what, [from, to]] of Object.entries(edits)) {
      const times: number[] = [];
      // The first ones find the compiler not yet optimized, as a person's first edits do not: they come seconds apart.
      for (let n = 1; n <= count + warmUp; n++)
        times.push(await written(out, () => writeFileSync(file, text.replace(from, to(n)))));
      took[what] = median(times.slice(warmUp));
    }
    return took as Record<keyof typeof edits, number>;
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const warmUp = 5;

/** Milliseconds from the act till the file is in its place. */
async function written(path: string, act: () => void): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const watcher = watch(join(path, ".."), (_, name) => {
    if (name === "out.json") resolve();
  });
  const begunAt = performance.now();
  const late = setTimeout(() => reject(new Error(`compile --watch has not written ${path}`)), 30_000);
  try {
    act();
    await promise;
    return performance.now() - begunAt;
  } finally {
    clearTimeout(late);
    watcher.close();
  }
}
