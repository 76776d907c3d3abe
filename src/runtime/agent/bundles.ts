/** Bundles on disk: each lies in a folder of its own, named by its hash, from where a process imports it. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bundle, bundleTampering, fileBytes } from "../../model/bundle.ts";
import { type Hash, hashOf } from "../../model/hash.ts";
import type { Packages } from "../../model/packages.ts";
import type { Runs } from "../ports.ts";
import type { Asked, PackageSets } from "./packages.ts";

export interface Bundles {
  /** The same as `entry`, where it is known and needs no packages. */
  known(hash: Hash): string | undefined;
  /**
   * The path of a module that exports the bundle's own as `module`. The packages that it needs from outside are there then. Rejects
   * with a sentence where the store has no such bundle, it was changed, or a package cannot be installed.
   */
  entry(hash: Hash, asked: Asked): Promise<string>;
}

/** Bundles of that store, kept in `folder`, which several agents may share. */
export function createBundles(runs: Pick<Runs, "bundle">, folder: string, packageSets: PackageSets): Bundles {
  const known = new Map<Hash, Promise<OnDisk>>();
  /** The entries of those that need no packages. */
  const alone = new Map<Hash, string>();

  function onDisk(hash: Hash): Promise<OnDisk> {
    const before = known.get(hash);
    if (before) return before;
    const bundle = materialise(runs, folder, hash);
    known.set(hash, bundle);
    bundle.catch(() => known.delete(hash));
    return bundle;
  }

  async function provided(hash: Hash, asked: Asked): Promise<string> {
    const { place, entry, packages } = await onDisk(hash);
    // Each time: they may have been removed, or be other versions by now.
    if (packages) await packageSets.provide(place, packages, asked);
    else alone.set(hash, entry);
    return entry;
  }

  return { known: (hash) => alone.get(hash), entry: provided };
}

type OnDisk = { place: string; entry: string; packages?: Packages | undefined };

async function materialise(runs: Pick<Runs, "bundle">, folder: string, hash: Hash): Promise<OnDisk> {
  const bundle = await runs.bundle(hash);
  const tampering = bundleTampering(hash, bundle);
  if (tampering) throw new Error(`${tampering}; compile the pipeline again`);
  const place = join(folder, hash.slice("sha256:".length));
  if (!(await isWhole(place, bundle))) await write(place, bundle);
  return { place, entry: join(place, entryName), packages: bundle.packages };
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
