import { type BuildOptions, build } from "esbuild";
import { expect, test } from "vitest";

const source = `${import.meta.dirname}/../../src/dsl`;

/** The packages that are in what a step's bundle takes of it, and its size. */
async function bundled(from: BuildOptions): Promise<{ packages: string[]; bytes: number }> {
  const { metafile, outputFiles } = await build({
    ...from,
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    metafile: true,
    define: { "import.meta.repriseStep": "true" },
  });
  const packages = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).flatMap((path) => /node_modules\/([^/]+)/.exec(path)?.[1] ?? []),
  );
  return { packages: [...new Set(packages)], bytes: outputFiles[0]!.contents.byteLength };
}

test("what the bundle of a step that calls another carries of the DSL is small: the words of the graph builder are not in it", async () => {
  const contents = 'export { step, Task } from "./index.ts";';
  expect((await bundled({ stdin: { contents, resolveDir: source } })).bytes).toBeLessThan(40_000);
});

test("all that a bundle may take of the DSL has no package in it: the encoder is the process's", async () => {
  const { packages, bytes } = await bundled({ entryPoints: [`${source}/index.ts`] });
  expect(packages).toEqual([]);
  expect(bytes).toBeLessThan(72_000);
});
