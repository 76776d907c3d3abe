/** Bundles for the tests: small modules, as the compiler would write them. */
import { transform } from "esbuild";
import type { Bundle } from "../../../src/model/bundle.ts";

/** A bundle of a module written in TypeScript, with its source map. */
export async function bundleOf(source: string, file = "examples/steps/pipeline.ts"): Promise<Bundle> {
  const { code, map } = await transform(source, {
    loader: "ts",
    format: "esm",
    target: "node24",
    sourcemap: "external",
    sourcefile: file,
    sourcesContent: false,
  });
  return { code, map };
}

/** What a bundled step reaches `Task.current()` by. */
export const current = `
import type { StepContext } from "reprise";
const current = () => globalThis[Symbol.for("reprise.stepContext")].getStore();
`;
