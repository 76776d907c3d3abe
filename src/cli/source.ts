/** The pipeline that a file holds: TypeScript is compiled, JSON is admitted (and nothing of the compiler is loaded). */
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { Recompiler } from "../compiler/recompiler.ts";
import { nearest } from "../model/nearest.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { UsageError } from "./errors.ts";

export type SourceOptions = {
  /** By name or export name, where a file holds several. */ pipeline?: string;
  cache: string;
};

const typescript = new Set([".ts", ".mts", ".cts", ".tsx", ".js", ".mjs"]);

export const isSourceFile = (file: string): boolean => typescript.has(extname(file)) || extname(file) === ".json";

/** Throws a UsageError, a PipelineError or a CompileError. */
export async function readPipeline(file: string, { pipeline, cache }: SourceOptions): Promise<Pipeline> {
  if (extname(file) !== ".json") return (await compileFile(file, { cache, ...(pipeline && { pipeline }) })).pipeline;
  const text = await read(file);
  const { admit } = await import("../model/pipeline.ts");
  const admitted = admit(text);
  if (pipeline !== undefined && pipeline !== admitted.name)
    throw new UsageError(
      `${file} holds the pipeline "${admitted.name}", and not "${pipeline}"`,
      "Leave --pipeline out.",
    );
  return admitted;
}

export async function compileFile(file: string, options: SourceOptions) {
  if (!typescript.has(extname(file)))
    throw new UsageError(`${file} is neither TypeScript nor pipeline JSON`, "Give a .ts or a .json file.");
  await read(file);
  const { compile } = await import("../compiler/compile.ts");
  return compile(file, options);
}

/** A file of TypeScript, to be compiled whenever it is asked. Throws a UsageError where it cannot be one. */
export async function openSource(file: string, pipeline: string | undefined): Promise<Recompiler> {
  if (!typescript.has(extname(file)))
    throw new UsageError(`${file} is no TypeScript: --watch compiles what has changed`, "Leave --watch out.");
  await read(file);
  const { recompiler } = await import("../compiler/compile.ts");
  return recompiler(file, { ...(pipeline !== undefined && { pipeline }) });
}

async function read(file: string): Promise<string> {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw new UsageError(`${file} cannot be read: ${message}`);
    const meant = nearest(basename(file), await readdir(dirname(file)).catch(() => []));
    throw new UsageError(`there is no file ${file}`, meant && `Is it ${join(dirname(file), meant)}?`);
  }
}
