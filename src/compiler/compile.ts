import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Pipeline } from "../model/pipeline.ts";
import { cached, keep } from "./cache.ts";
import type { Compiled, Listed } from "./compiled.ts";
import type { Script } from "./script.ts";

export type { Compiled, Listed } from "./compiled.ts";
export type { Script } from "./script.ts";

export type CompileOptions = {
  /** Name or export of the pipeline, where the file has several. */
  pipeline?: string;
  /** A folder that keeps what was compiled; while no file of the program changes, it is taken from there in milliseconds. */
  cache?: string;
};

/**
 * Compiles the pipeline that a TypeScript file declares. Rejects with a CompileError that holds all problems of the file.
 *
 *     const { text } = await compile("pipeline.ts", { cache: ".reprise/compiled" });
 */
export async function compile(file: string, options: CompileOptions = {}): Promise<Compiled> {
  const path = realPath(file);
  const kept = options.cache === undefined ? undefined : cached(options.cache, path, options.pipeline);
  if (kept !== undefined) return { pipeline: JSON.parse(kept.text) as Pipeline, ...kept };
  // The passes load TypeScript and the bundler: only now.
  const { compileFresh } = await import("./passes.ts");
  const fresh = await compileFresh(path, options.pipeline);
  if (options.cache !== undefined && !fresh.isExecuted) keep(options.cache, path, options.pipeline, fresh);
  return { pipeline: fresh.pipeline, text: fresh.text, files: fresh.files };
}

/**
 * Bundles the script that a TypeScript file is, and reads what it connects. Rejects with a CompileError.
 *
 *     const { bundle, input, defaults } = await compileScript("train.ts", { cache: ".reprise/compiled" });
 */
export async function compileScript(file: string, { cache }: { cache?: string } = {}): Promise<Script> {
  const path = realPath(file);
  // No pipeline has such a name.
  const what = "\0script";
  const kept = cache === undefined ? undefined : cached(cache, path, what);
  if (kept !== undefined) return JSON.parse(kept.text) as Script;
  const { compileScriptFresh } = await import("./script.ts");
  const { script, ...made } = await compileScriptFresh(path);
  if (cache !== undefined) keep(cache, path, what, { text: JSON.stringify(script), ...made });
  return script;
}

/** The pipelines of a file, in source order. Rejects with a CompileError where there is no such file. */
export async function listPipelines(file: string): Promise<Listed[]> {
  const { listFresh } = await import("./passes.ts");
  return listFresh(realPath(file));
}

/** The bundler names files by their real paths. A file that is not there keeps its name, for the problem that says so. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}
