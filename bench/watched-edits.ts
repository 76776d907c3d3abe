/** How long `compile --watch` takes from an edit of the flagship to its JSON. */
import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const checkout = join(import.meta.dirname, "..");

/** Edits that change what is compiled, one each time. */
const edits = {
  "after an edit of a step": ["const mixed =", (n: number) => `const edit = ${n}; const mixed =`],
  "after an edit of the body": ["turns += 1;", (n: number) => `turns += 1 + ${n} - ${n};`],
} as const;

/** Milliseconds of so many edits of each kind, in their order: the first ones find the compiler not yet optimized. */
export async function watchedEdits(count: number): Promise<Record<keyof typeof edits, number[]>> {
  const folder = copyOfFlagship();
  const file = join(folder, "pipeline.ts");
  const out = join(folder, "out.json");
  const text = readFileSync(file, "utf8");
  const shim = join(checkout, "bin", "reprise.cjs");
  const child = spawn(process.execPath, [shim, "compile", file, "-o", out, "--watch"], { stdio: "ignore" });
  try {
    await written(out, () => {});
    const took: Record<string, number[]> = {};
    for (const [what, [from, to]] of Object.entries(edits)) {
      took[what] = [];
      for (let n = 1; n <= count; n++)
        took[what].push(await written(out, () => writeFileSync(file, text.replace(from, to(n)))));
    }
    return took as Record<keyof typeof edits, number[]>;
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Not in the checkout, which stays as it is whatever happens, but with its packages and itself. */
function copyOfFlagship(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "reprise-bench-")));
  cpSync(join(checkout, "examples", "rerun-until-good"), folder, { recursive: true });
  cpSync(join(checkout, "tsconfig.json"), join(folder, "tsconfig.json"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const packages = join(checkout, "node_modules");
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(packages)) symlinkSync(join(packages, name), join(folder, "node_modules", name));
  symlinkSync(checkout, join(folder, "node_modules", "reprise"));
  return folder;
}

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
