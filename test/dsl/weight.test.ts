import { type BuildOptions, build } from "esbuild";
import { expect, test } from "vitest";

const source = `${import.meta.dirname}/../../src/dsl`;

/** The packages that are in it, and its size. */
async function bundled(from: BuildOptions): Promise<{ packages: string[]; bytes: number }> {
  const { metafile, outputFiles } = await build({
    ...from,
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    metafile: true,
  });
  const packages = Object.keys(metafile.inputs).flatMap((path) => /node_modules\/([^/]+)/.exec(path)?.[1] ?? []);
  return { packages: [...new Set(packages)], bytes: outputFiles[0]!.contents.byteLength };
}

test("what every step's bundle carries of the DSL is small: the words of the graph builder are not in it", async () => {
  const contents = 'export { step, Task } from "./index.ts";';
  expect((await bundled({ stdin: { contents, resolveDir: source } })).bytes).toBeLessThan(52_000);
});

test("all of the DSL has no zod and no rxjs in it", async () => {
  const { packages, bytes } = await bundled({ entryPoints: [`${source}/index.ts`] });
  expect(packages).toEqual(["devalue"]);
  expect(bytes).toBeLessThan(84_000);
});
