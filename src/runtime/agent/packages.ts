/**
 * Provides what stays outside of bundles. A package that is installed nearby, in the very version, is linked to; else the whole set is installed once in a folder
 * that all agents of the store share. Sets are never changed: another version, or another kind of machine, is another set.
 */
import { mkdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Packages } from "../../model/packages.ts";
import { installedPackage } from "./packages/installed.ts";
import type { SetMaker } from "./packages/set-maker.ts";

export interface PackageSets {
  /**
   * Sees to it that modules in the folder `place` find the packages. Rejects with an InstallError, or with the signal's reason: what was begun goes on then, for the
   * next who asks.
   */
  provide(place: string, packages: Packages, asked: Asked): Promise<void>;
  /** Stops what is being installed; nothing of it is used. */
  close(): void;
}

/** Who asks, and hears what it waits for: `say` gets lines for people, `installing` the packages, and none in the end. */
export type Asked = {
  say(line: string): void;
  installing(packages: readonly string[]): Promise<void>;
  signal?: AbortSignal | undefined;
};

export type PackageSetsOptions = {
  /** Where sets lie, for all agents. */
  folder: string;
  /** Folders from which upwards packages may be installed already, beside those above a bundle's place. */
  nearby?: () => Iterable<string>;
  /** Whose package.json says which packages may run scripts when they are installed; default: where this process was started. */
  project?: string;
};

export function createPackageSets(options: PackageSetsOptions): PackageSets {
  const { folder, nearby = () => [], project = process.cwd() } = options;
  const closing = new AbortController();
  let maker: Promise<SetMaker> | undefined;

  async function provide(place: string, packages: Packages, asked: Asked): Promise<void> {
    const found = installedNearby(packages, [dirname(place), ...nearby()]);
    const folders = found ?? inSet(await installedSet(packages, asked), packages);
    for (const [name, target] of folders) await link(join(place, "node_modules", name), target);
  }

  /** The set's folder. Most runs need none, and do not load what makes them. */
  async function installedSet(packages: Packages, asked: Asked): Promise<string> {
    maker ??= import("./packages/set-maker.ts").then(({ createSetMaker }) =>
      createSetMaker({ folder, project, signal: closing.signal }),
    );
    return (await maker).installed(packages, asked);
  }

  return { provide, close: () => closing.abort(new Error("the agent stops")) };
}

/** Names, each with its folder. */
type Folders = (readonly [string, string])[];

/** Where all are there. */
function installedNearby(packages: Packages, places: string[]): Folders | undefined {
  const found = Object.entries(packages).flatMap(([name, version]) => {
    const folder = places.map((from) => installedPackage(name, version, from)).find((each) => each !== undefined);
    return folder === undefined ? [] : [[name, folder] as const];
  });
  return found.length === Object.keys(packages).length ? found : undefined;
}

const inSet = (set: string, packages: Packages): Folders =>
  Object.keys(packages).map((name) => [name, join(set, "node_modules", name)]);

/** Links are replaced in one move: another process may be looking. */
async function link(path: string, target: string): Promise<void> {
  if ((await readlink(path).catch(() => undefined)) === target) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await rm(draft, { force: true });
  await symlink(target, draft, "junction");
  try {
    await rename(draft, path);
  } catch {
    await rm(path, { recursive: true, force: true });
    await rename(draft, path);
  }
}
