/** A set of packages on disk: a folder with `node_modules`, and the facts of how it was made. Its time is that of its last use. */
import { readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashOf } from "../../../model/hash.ts";
import type { Packages } from "../../../model/packages.ts";

/** `unbuilt`: packages whose install scripts were not run. */
export type SetFacts = { packages: Packages; unbuilt: string[] };

/** Addons are made for a system, a processor, a C library and a version of Node. `scripts`: the packages that may run theirs. */
export function setName(packages: Packages, scripts: readonly string[]): string {
  const machine = [process.platform, process.arch, process.versions.modules, cLibrary()];
  return hashOf(JSON.stringify([Object.entries(packages).sort(), [...scripts].sort(), machine])).slice(
    "sha256:".length,
  );
}

export async function isWhole(set: string, packages: Packages): Promise<boolean> {
  try {
    await factsOf(set);
    const versions = Object.entries(packages).map(async ([name, version]) => {
      const manifest = await readFile(join(set, "node_modules", name, "package.json"), "utf8");
      return (JSON.parse(manifest) as { version?: string }).version === version;
    });
    return (await Promise.all(versions)).every(Boolean);
  } catch {
    return false;
  }
}

/** Written last. */
export async function keepFacts(set: string, facts: SetFacts): Promise<void> {
  await writeFile(join(set, factsName), JSON.stringify(facts));
}

export async function factsOf(set: string): Promise<SetFacts> {
  return JSON.parse(await readFile(join(set, factsName), "utf8")) as SetFacts;
}

/** Says that it was used now. */
export async function touch(set: string): Promise<void> {
  const now = new Date();
  await utimes(set, now, now);
}

/** Those that are whole, with the time of their last use, in milliseconds since 1970; the latest first. */
export async function setsIn(folder: string): Promise<(SetFacts & { usedAt: number })[]> {
  const names = await readdir(folder).catch(() => []);
  const sets = names
    .filter((name) => /^[0-9a-f]{64}$/.test(name))
    .map(async (name) => {
      const set = join(folder, name);
      try {
        return [{ ...(await factsOf(set)), usedAt: (await stat(set)).mtimeMs }];
      } catch {
        return [];
      }
    });
  return (await Promise.all(sets)).flat().sort((a, b) => b.usedAt - a.usedAt);
}

const factsName = "set.json";

/** Linux has two. */
function cLibrary(): string {
  if (process.platform !== "linux") return "";
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean };
  // Names of hosts would be looked up.
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? "musl" : "glibc";
}
