/** Looks for installed packages as Node does, from a folder upwards; Node itself would remember what was not there. */
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { upwards } from "./upwards.ts";

/** The package's own folder; `undefined` where the nearest one of that name is another version, or there is none. */
export function installedPackage(name: string, version: string, from: string): string | undefined {
  for (const at of upwards(from)) {
    const folder = join(at, "node_modules", name);
    const found = versionIn(folder);
    if (found !== undefined) return found === version ? realpathSync(folder) : undefined;
  }
  return undefined;
}

function versionIn(folder: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version?: string };
    return version ?? "";
  } catch {
    return undefined;
  }
}
