/** Packages that stay outside of bundles: those with native addons, found by what their manifests and folders say, and those that a step names. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { exactVersion, isVersion, type NamedPackage, type Packages } from "../model/packages.ts";
import { nearest } from "./folders.ts";

/** The packages with native addons among the bundler's inputs (absolute paths), by name. */
export function addonPackages(inputs: string[]): string[] {
  const folders = packageFolders(inputs);
  const addonFiles = new Set(
    inputs.filter((path) => path.endsWith(".node")).map((path) => packageFolder(path)?.folder),
  );
  const found = [...folders].filter(([folder]) => addonFiles.has(folder) || isAddon(folder)).map(([, name]) => name);
  return [...new Set(found)].sort();
}

/** `@scope/sharp` of `@scope/sharp/lib/index.js`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** Name → version, and the manifests that say so. */
export type Versions = { versions: Packages; manifests: string[] };

/**
 * What of them is installed: among the bundler's inputs, else as a module in `folder` would find it. A version that is written whole needs no installed package.
 * Where there is none, the reason, for a sentence.
 */
export function versionsOf(
  packages: readonly NamedPackage[],
  inputs: string[],
  folder: string,
): Versions | { reason: string } {
  const folders = [...packageFolders(inputs)];
  const versions: Record<string, string> = {};
  const manifests: string[] = [];
  for (const { name, version: asked } of packages) {
    const place = folders.find(([, other]) => other === name)?.[0] ?? installed(name, folder);
    const version = place === undefined ? asked : manifest(place).version;
    if (version === undefined && place !== undefined)
      return { reason: `the package ${name} stays outside, and its package.json has no version` };
    if (version === undefined || !exactVersion.test(version))
      return {
        reason: `the package ${name} is not installed: install it, or name it with its whole version ("${name}@1.2.3")`,
      };
    if (!isVersion(version, asked))
      return { reason: `the package ${name} is asked for in version ${asked}, and ${version} is installed` };
    versions[name] = version;
    if (place !== undefined) manifests.push(join(place, "package.json"));
  }
  return { versions, manifests };
}

type Manifest = {
  version?: string;
  gypfile?: boolean;
  binary?: unknown;
  cpu?: string[];
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

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
  const { gypfile, binary, dependencies = {}, optionalDependencies = {} } = manifest(folder);
  return (
    gypfile === true ||
    binary !== undefined ||
    addonLoaders.some((name) => Object.hasOwn(dependencies, name)) ||
    Object.keys(optionalDependencies).some((name) => isForOneCpu(name, folder))
  );
}

/** A package that has its addon in other packages, one for each kind of machine, of which the one for this machine is installed. */
function isForOneCpu(name: string, folder: string): boolean {
  const place = installed(name, folder);
  return place !== undefined && manifest(place).cpu !== undefined;
}

/** The package's folder. */
function installed(name: string, from: string): string | undefined {
  const { path } = nearest(from, join("node_modules", name, "package.json"));
  return path && dirname(path);
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
