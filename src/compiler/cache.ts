/**
 * What was compiled, kept by the content of every file that it was made from: the author's, the packages', the configuration. Nothing here loads
 * TypeScript or the bundler.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { hashOf } from "../model/hash.ts";
import { nearest } from "./folders.ts";

/** `null`: the file was not there, and its being there would change the result. */
type Manifest = { files: Record<string, string | null>; text: string };

/** What was compiled: a text, and absolute paths of all files that it was made from. */
export type Kept = { text: string; files: string[] };

/** What is kept, while every file is as it was. `what`: which of the things that a file can be compiled to. */
export function cached(folder: string, file: string, what: string | undefined): Kept | undefined {
  const manifest = read(pathOf(folder, file, what));
  if (manifest === undefined) return undefined;
  const paths = Object.entries(manifest.files);
  if (paths.some(([path, hash]) => contentHash(path) !== hash)) return undefined;
  return { text: manifest.text, files: paths.flatMap(([path, hash]) => (hash === null ? [] : [path])) };
}

export function keep(
  folder: string,
  file: string,
  what: string | undefined,
  made: Kept & { lookedFor: string[] },
): void {
  const paths = [...made.files, ...made.lookedFor, ...resolutionFiles(file)];
  const manifest: Manifest = {
    files: Object.fromEntries(paths.map((path) => [path, contentHash(path)])),
    text: made.text,
  };
  const path = pathOf(folder, file, what);
  mkdirSync(folder, { recursive: true });
  const whole = `${path}.${process.pid}`;
  writeFileSync(whole, JSON.stringify(manifest));
  renameSync(whole, path);
}

function pathOf(folder: string, file: string, what: string | undefined): string {
  const key = hashOf(JSON.stringify([compilerHash(), file, what ?? null])).slice("sha256:".length);
  return join(folder, `${key}.json`);
}

/** A damaged entry is no entry. */
function read(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

function contentHash(path: string): string | null {
  try {
    return hashOf(readFileSync(path));
  } catch {
    return null;
  }
}

/** What decides where an import leads: manifests and lock files, as far as they go up. */
export function resolutionFiles(file: string): string[] {
  return [
    "package.json",
    "package-lock.json",
    "node_modules/.package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
  ].flatMap((name) => {
    const { path, looked } = nearest(dirname(file), name);
    return path === undefined ? looked.slice(0, 1) : [...looked, path];
  });
}

/** The compiler's own version: another compiler may make another pipeline of the same files. As it was built it says so; else each of its sources counts. */
function compilerHash(): string {
  const folder = dirname(import.meta.filename);
  const built = join(folder, "build-hash");
  return `${process.version} ${existsSync(built) ? readFileSync(built, "utf8") : sourcesHash(folder)}`;
}

function sourcesHash(folder: string): string {
  const files = [folder, join(folder, "..", "model")].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => extname(name) === ".ts")
      .sort()
      .map((name) => join(folder, name)),
  );
  return hashOf(files.map((file) => readFileSync(file, "utf8")).join("\0"));
}
