/** Packages that stay outside of a step's bundle: those with native addons, and those that the step names. Whoever runs the step provides them. */

/** Name → its exact version. */
export type Packages = Readonly<Record<string, string>>;

/** A package that an author names: `"sharp"`, `"sharp@0.34"`. `version`: one, or the beginning of one. */
export type NamedPackage = { name: string; version?: string };

/** They stand in commands and paths: nothing in them means anything else there. */
export const packageName = /^(?:@[\w~][\w.~-]*\/)?[\w~][\w.~-]*$/;
export const exactVersion = /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;

const versionStart = /^\d+(?:\.\d+){0,2}(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;

/** By name, in order. Throws a RangeError with one sentence. */
export function namedPackages(packages: readonly string[]): NamedPackage[] {
  if (!Array.isArray(packages)) throw new RangeError("packages: it is not a list of names");
  const named = packages.map(namedPackage);
  const twice = named.find(({ name }, at) => named.findIndex((other) => other.name === name) !== at);
  if (twice) throw new RangeError(`packages: ${twice.name} is there twice`);
  return named.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function namedPackage(text: unknown): NamedPackage {
  const [, name = "", version] = /^(@?[^@]*)(?:@(.*))?$/s.exec(typeof text === "string" ? text : "") ?? [];
  if (!packageName.test(name))
    throw new RangeError(`packages: ${JSON.stringify(text)} is no name of a package, such as "sharp" or "sharp@0.34"`);
  if (version === undefined) return { name };
  if (versionStart.test(version)) return { name, version };
  throw new RangeError(`packages: ${JSON.stringify(text)}: "${version}" is no version, such as "0.34" or "0.34.5"`);
}

/** Does the version begin as it was asked for? `0.3` is no beginning of `0.34.5`. */
export const isVersion = (version: string, asked: string | undefined): boolean =>
  asked === undefined || version === asked || version.startsWith(`${asked}.`);

/** As npm and people write them: `canvas@3.1.0`. */
export const packageSpecs = (packages: Packages): string[] =>
  Object.entries(packages)
    .map(([name, version]) => `${name}@${version}`)
    .sort();
