/** Bundles: the code of steps and the files that it reads, content-addressed, so that a pipeline is complete wherever it is copied. */
import * as z from "zod";
import { type Hash, hashOf } from "./hash.ts";
import { exactVersion, type Packages, packageName } from "./packages.ts";
import { hashSchema } from "./template-schema.ts";

export type Bundle = {
  /** One ES module for Node, packages bundled in. */
  code: string;
  /** Its source map (JSON text), sources relative to the project's folder; kept apart so that it never changes the code's hash. */
  map?: string;
  /** What its author wrote, for people: the step's declaration, or the whole script. Kept apart as the map is. */
  source?: string;
  /** Files that the code reads by `new URL("./files/…", import.meta.url)`: the path in the bundle → the file. */
  files?: Record<string, BundledFile>;
  /** Packages that stay outside: those with native addons, and those that the step names. */
  packages?: Packages;
};

/** The content, as text where it is UTF-8, else as base64. */
export type BundledFile = { hash: Hash; text: string } | { hash: Hash; base64: string };

const filePath = z.string().regex(/^files\/[^/\\]+$/, "a bundled file lies in files/");

export const bundleSchema: z.ZodType<Bundle> = z
  .strictObject({
    code: z.string(),
    map: z.string().optional(),
    source: z.string().optional(),
    files: z
      .record(
        filePath,
        z.union([
          z.strictObject({ hash: hashSchema, text: z.string() }),
          z.strictObject({ hash: hashSchema, base64: z.base64() }),
        ]),
      )
      .optional(),
    packages: z
      .record(
        z.string().regex(packageName, "it is no name of a package"),
        z.string().regex(exactVersion, "it is no exact version"),
      )
      .optional(),
  })
  .meta({ id: "Bundle" });

/** What names a bundle: its code, the content of its files and the versions of what it needs. Source maps and sources do not count. */
export function bundleHash(bundle: Bundle): Hash {
  const files = Object.entries(bundle.files ?? {}).map(([path, file]) => [path, file.hash]);
  return hashOf(JSON.stringify([bundle.code, files.sort(), Object.entries(bundle.packages ?? {}).sort()]));
}

export function fileBytes(file: BundledFile): Buffer {
  return "text" in file ? Buffer.from(file.text, "utf8") : Buffer.from(file.base64, "base64");
}

/** The sentence that says what was tampered with, or `undefined` where every hash matches. */
export function bundleTampering(hash: Hash, bundle: Bundle): string | undefined {
  for (const [path, file] of Object.entries(bundle.files ?? {}))
    if (hashOf(fileBytes(file)) !== file.hash) return `the bundled file ${path} does not match its hash ${file.hash}`;
  if (bundleHash(bundle) !== hash)
    return `the bundle ${hash} does not match its hash: its code or its files were changed`;
  return undefined;
}
