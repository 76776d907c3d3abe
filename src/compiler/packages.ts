/** Packages that cannot be bundled: native addons, found by what their manifests and folders say. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The packages with native addons among the bundler's inputs (absolute paths), by name. */
export function addonPackages(inputs: string[]): string[] {
  const folders = packageFolders(inputs);
  const addonFiles = new Set(
    inputs.filter((path) => path.endsWith(".node")).map((path) => packageFolder(path)?.folder),
  );
  const found = [...folders].filter(([folder]) => addonFiles.has(folder) || isAddon(folder)).map(([, name]) => name);
  return [...new Set(found)].sort();
}

/** Package → its installed version, of those among the inputs. */
export function versionsOf(names: string[], inputs: string[]): Record<string, string> {
  const folders = [...packageFolders(inputs)];
  return Object.fromEntries(
    names.map((name) => [
      name,
      manifest((folders.find(([, other]) => other === name) as [string, string])[0]).version ?? "*",
    ]),
  );
}

type Manifest = { version?: string; gypfile?: boolean; binary?: unknown; dependencies?: Record<string, string> };

const addonLoaders = [
  "bindings",
  "node-gyp-build",
  "node-addon-api",
  "prebuild-install",
  "@mapbox/node-pre-gyp",
  "node-pre-gyp",
];

function isAddon(folder: string): boolean {
  if (existsSync(join(folder, "binding.gyp"))) return true;
  const { gypfile, binary, dependencies = {} } = manifest(folder);
  return gypfile === true || binary !== undefined || addonLoaders.some((name) => Object.hasOwn(dependencies, name));
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** Folder → name. */
function packageFolders(inputs: string[]): Map<string, string> {
  return new Map(
    inputs.flatMap((path) => {
      const found = packageFolder(path);
      return found && existsSync(join(found.folder, "package.json")) ? [[found.folder, found.name] as const] : [];
    }),
  );
}

function packageFolder(path: string): { folder: string; name: string } | undefined {
  const match = /^(.*[\\/]node_modules[\\/])((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path);
  return match ? { folder: match[0], name: (match[2] as string).replace("\\", "/") } : undefined;
}
