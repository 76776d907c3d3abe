/** Bundles on disk: each lies in a folder of its own, named by its hash, from where a process imports it. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { join } from "node:path";
import { type Bundle, bundleTampering, fileBytes } from "../../model/bundle.ts";
import { type Hash, hashOf } from "../../model/hash.ts";
import type { Runs } from "../ports.ts";

export interface Bundles {
  /**
   * The path of a module that exports the bundle's own as `module`. Rejects with a sentence where the store has no such bundle, it was changed,
   * or a package that it needs is not installed here.
   */
  entry(hash: Hash): Promise<string>;
}

/** Bundles of that store, kept in `folder`, which several agents may share. */
export function createBundles(runs: Pick<Runs, "bundle">, folder: string): Bundles {
  const entries = new Map<Hash, Promise<string>>();
  return {
    entry(hash) {
      const known = entries.get(hash);
      if (known) return known;
      const entry = materialise(runs, folder, hash);
      entries.set(hash, entry);
      entry.catch(() => entries.delete(hash));
      return entry;
    },
  };
}

async function materialise(runs: Pick<Runs, "bundle">, folder: string, hash: Hash): Promise<string> {
  const bundle = await runs.bundle(hash);
  const tampering = bundleTampering(hash, bundle);
  if (tampering) throw new Error(`${tampering}; compile the pipeline again`);
  const place = join(folder, hash.slice("sha256:".length));
  if (!(await isWhole(place, bundle))) await write(place, bundle);
  checkPackages(place, bundle);
  return join(place, entryName);
}

const entryName = "entry.mjs";

/** A namespace that exports a function `then` would be taken for a promise by `import()`, and never resolve; inside another it is not. */
const entryCode = 'export * as module from "./module.mjs";\n';

const moduleCode = (bundle: Bundle) =>
  bundle.map === undefined ? bundle.code : `${bundle.code}\n//# sourceMappingURL=module.mjs.map\n`;

/** Whether the folder holds just this bundle: a machine that lost power may have kept a name without its content. */
async function isWhole(place: string, bundle: Bundle): Promise<boolean> {
  try {
    if ((await readFile(join(place, entryName), "utf8")) !== entryCode) return false;
    if ((await readFile(join(place, "module.mjs"), "utf8")) !== moduleCode(bundle)) return false;
    for (const [path, file] of Object.entries(bundle.files ?? {}))
      if (hashOf(await readFile(join(place, path))) !== file.hash) return false;
    return true;
  } catch {
    return false;
  }
}

/** Written beside its place, then moved there whole, so that nobody ever imports half of it. */
async function write(place: string, bundle: Bundle): Promise<void> {
  const draft = `${place}.${randomBytes(4).toString("hex")}`;
  await mkdir(join(draft, "files"), { recursive: true });
  await writeFile(join(draft, "module.mjs"), moduleCode(bundle));
  if (bundle.map !== undefined) await writeFile(join(draft, "module.mjs.map"), bundle.map);
  for (const [path, file] of Object.entries(bundle.files ?? {})) await writeFile(join(draft, path), fileBytes(file));
  await writeFile(join(draft, entryName), entryCode);
  try {
    await rename(draft, place);
  } catch {
    // Another agent was first, or what lies there is broken.
    if (!(await isWhole(place, bundle))) {
      await rm(place, { recursive: true, force: true });
      await rename(draft, place);
    } else await rm(draft, { recursive: true });
  }
}

/** Packages that cannot travel in a bundle are looked for from its folder upwards, as Node does. */
function checkPackages(place: string, bundle: Bundle): void {
  for (const [name, version] of Object.entries(bundle.packages ?? {}))
    if (!isInstalled(name, join(place, "module.mjs")))
      throw new Error(
        `the step needs the package ${name}@${version}, which cannot travel in a bundle and is not installed here: ` +
          `run npm install ${name}@${version}`,
      );
}

function isInstalled(name: string, from: string): boolean {
  try {
    return findPackageJSON(name, from) !== undefined;
  } catch {
    return false;
  }
}
