import { accessSync, constants, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Where compiled pipelines and the bundles of steps are kept from one test to the next: with the project's packages, which bundles may need. Where there are
 * none, or they may not be written to, a folder that is this process's own.
 */
export function cacheFolder(from: string): string {
  const packages = packagesAbove(from);
  if (packages !== undefined) return join(packages, ".cache", "reprise");
  own ??= mkdtempSync(join(tmpdir(), "reprise-testing-"));
  return own;
}

let own: string | undefined;

function packagesAbove(folder: string): string | undefined {
  const packages = join(folder, "node_modules");
  try {
    accessSync(packages, constants.W_OK);
    return packages;
  } catch {
    return folder === dirname(folder) ? undefined : packagesAbove(dirname(folder));
  }
}
