import { build } from "esbuild";
import { expect, test } from "vitest";

test("what every step's bundle carries of the DSL is small, and has no zod and no rxjs in it", async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [`${import.meta.dirname}/../../src/dsl/index.ts`],
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    metafile: true,
  });
  const packages = Object.keys(metafile.inputs).flatMap((path) => /node_modules\/([^/]+)/.exec(path)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual(["devalue"]);
  expect(outputFiles[0]?.contents.byteLength).toBeLessThan(100_000);
});
