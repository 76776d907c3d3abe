import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { type Duration, durationMs } from "../model/duration.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { cached, keep } from "./cache.ts";
import type { Compiled, Listed } from "./compiled.ts";
import type { Recompiler } from "./recompiler.ts";
import type { Script } from "./script.ts";

export type { Compiled, Listed } from "./compiled.ts";
export type { Script } from "./script.ts";

/** Which pipeline of the file, and where to keep what was compiled. */
export type CompileOptions = {
  /** Name or export of the pipeline, where the file has several. */
  pipeline?: string;
  /** A folder that keeps what was compiled; while no file of the program changes, it is taken from there in milliseconds. */
  cache?: string;
  /**
   * How long a program that puts a graph together (`pipeline.graph`) may run; past it, it is ended, and that is a problem. Default:
   * `REPRISE_GRAPH_LIMIT`, else 30 seconds.
   */
  graphLimit?: Duration;
};

/**
 * Compiles the pipeline that a TypeScript file declares. Rejects with a CompileError that holds all problems of the file,
 * and with a SettingError where a limit is no duration.
 *
 * @example
 * const { text } = await compile("pipeline.ts", { cache: ".reprise/cache" });
 */
export async function compile(file: string, options: CompileOptions = {}): Promise<Compiled> {
  const path = realPath(file);
  const kept = options.cache === undefined ? undefined : cached(options.cache, path, options.pipeline);
  if (kept !== undefined) return { pipeline: JSON.parse(kept.text) as Pipeline, ...kept };
  // The passes load TypeScript and the bundler: only now.
  const { compileFresh } = await import("./passes.ts");
  const fresh = await compileFresh(path, options.pipeline, graphLimitMs(options));
  if (options.cache !== undefined && !fresh.isExecuted)
    // Who asks for it by its name next finds it too.
    for (const asked of new Set([options.pipeline, fresh.pipeline.name])) keep(options.cache, path, asked, fresh);
  return { pipeline: fresh.pipeline, text: fresh.text, files: fresh.files };
}

/**
 * Compiles a file as often as it is asked, and each time does only what has changed; nothing is kept in a folder. Rejects with a SettingError where a limit is no
 * duration.
 *
 * @example
 * await using program = await recompiler("pipeline.ts");
 * const { text } = await program.compile();
 */
export async function recompiler(file: string, options: Omit<CompileOptions, "cache"> = {}): Promise<Recompiler> {
  const limitMs = graphLimitMs(options);
  const { Recompiler } = await import("./recompiler.ts");
  return new Recompiler(realPath(file), options.pipeline, limitMs);
}

/** An option, or a variable of the environment, that cannot be used. The message is a sentence for people. */
class SettingError extends Error {
  override name = "SettingError";
}

/**
 * Bundles the script that a TypeScript file is, and reads what it connects. Rejects with a CompileError.
 *
 * @example
 * const { bundle, input, defaults } = await compileScript("train.ts", { cache: ".reprise/cache" });
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

/**
 * The pipelines of a file, in source order. Rejects with a CompileError where there is no such file.
 *
 * @example
 * for (const { name, at } of await listPipelines("pipeline.ts")) console.log(name, at);
 */
export async function listPipelines(file: string): Promise<Listed[]> {
  const { listFresh } = await import("./passes.ts");
  return listFresh(realPath(file));
}

function graphLimitMs({ graphLimit }: CompileOptions): number {
  const said = process.env.REPRISE_GRAPH_LIMIT;
  try {
    return durationMs(graphLimit ?? (said || "30s"));
  } catch (error) {
    throw new SettingError(
      `${graphLimit === undefined ? "REPRISE_GRAPH_LIMIT" : "graphLimit"}: ${(error as Error).message}`,
    );
  }
}

/** The bundler names files by their real paths. A file that is not there keeps its name, for the problem that says so. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}
