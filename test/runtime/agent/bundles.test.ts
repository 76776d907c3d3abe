import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Bundle, bundleHash } from "../../../src/model/bundle.ts";
import { hashOf } from "../../../src/model/hash.ts";
import { createBundles } from "../../../src/runtime/agent/bundles.ts";
import type { PackageSets } from "../../../src/runtime/agent/packages.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-bundles-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** As a process that meets the store for the first time. */
const bundlesOf = (bundle: Bundle) => createBundles({ bundle: async () => bundle }, folder, unasked);
const unasked: PackageSets = { provide: () => Promise.reject(new Error("no bundle has packages")), close() {} };
const quiet = { say() {}, async installing() {} };
const entryOf = (bundle: Bundle) => bundlesOf(bundle).entry(bundleHash(bundle), quiet);

describe("a bundle on disk", () => {
  it("is a module with its files beside it", async () => {
    const files = { "files/rows.csv": { hash: hashOf("a,b"), text: "a,b" } };
    const code = `import { readFileSync } from "node:fs";
      export const read = () => readFileSync(new URL("./files/rows.csv", import.meta.url), "utf8");`;
    expect((await import(pathToFileURL(await entryOf({ code, files })).href)).module.read()).toBe("a,b");
  });

  it("is written once, also when many ask at the same time and again", async () => {
    const bundle = { code: "export const n = 1;" };
    const entries = await Promise.all(Array.from({ length: 5 }, () => entryOf(bundle)));
    expect(new Set([...entries, await entryOf(bundle)]).size).toBe(1);
    expect(await readdir(folder)).toEqual([bundleHash(bundle).slice(7)]);
  });

  it("is mended where a crash of the machine left it broken", async () => {
    const bundle = { code: "export const n = 1;" };
    const file = join(dirname(await entryOf(bundle)), "module.mjs");
    await writeFile(file, "");
    await entryOf(bundle);
    expect(await readFile(file, "utf8")).toBe(bundle.code);
  });
});

describe("a bundle is refused", () => {
  it("where it does not match its hash", async () => {
    const changed = bundlesOf({ code: "export const n = 2;" });
    await expect(changed.entry(bundleHash({ code: "export const n = 1;" }), quiet)).rejects.toThrow(
      /^the bundle sha256:\w+ does not match its hash: .*; compile the pipeline again$/,
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
