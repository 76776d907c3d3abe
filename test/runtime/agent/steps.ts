/** Steps of the tests, as the compiler would bundle them: a module with a source map. */
import { transform } from "esbuild";
import type { Bundle } from "../../../src/model/bundle.ts";

/** A bundle of a module written in TypeScript, which may call `current()` for `Task.current()`. */
export async function bundleOf(source: string, file = "examples/steps/pipeline.ts"): Promise<Bundle> {
  const { code, map } = await transform(source, {
    loader: "ts",
    format: "esm",
    target: "node24",
    sourcemap: "external",
    sourcefile: file,
    sourcesContent: false,
  });
  return { code: code + current, map };
}

const current = `
const current = () => globalThis[Symbol.for("reprise.stepContext")].getStore();
`;
