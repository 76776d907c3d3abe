/** The pipeline that a file holds: TypeScript is compiled, JSON is admitted (and nothing of the compiler is loaded). */
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { nearest } from "../model/nearest.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { UsageError } from "./errors.ts";

export type SourceOptions = {
  /** By name or export name, where a file holds several. */ pipeline?: string;
  cache: string;
};

const typescript = new Set([".ts", ".mts", ".cts", ".tsx", ".js", ".mjs"]);

export const isSourceFile = (file: string): boolean => typescript.has(extname(file)) || extname(file) === ".json";

/** A pipeline, and as text the JSON that it is. */
export type Sourced = { pipeline: Pipeline; text: string };

/** Throws a UsageError, a PipelineError or a CompileError. */
export async function readPipeline(file: string, { pipeline, cache }: SourceOptions): Promise<Pipeline> {
  if (extname(file) === ".json") return (await readJson(file, pipeline)).pipeline;
  return (await compileFile(file, { cache, ...(pipeline && { pipeline }) })).pipeline;
}

/** Rejects like readPipeline. */
export async function compileFile(file: string, options: SourceOptions): Promise<Sourced> {
  const { compile } = await compilerOf(file);
  return compile(file, options);
}

/** A file that is read again and again: `--watch`. */
export interface Source extends AsyncDisposable {
  /** Absolute paths of what decides over what it holds, those included that are not there. */
  readonly files: Iterable<string>;
  /** One call at a time. Rejects like readPipeline. */
  compile(): Promise<Sourced>;
}

/** Throws a UsageError where the file is not there, or cannot hold a pipeline. */
export async function openSource(file: string, pipeline: string | undefined): Promise<Source> {
  if (extname(file) !== ".json") {
    const { recompiler } = await compilerOf(file);
    return recompiler(file, { ...(pipeline !== undefined && { pipeline }) });
  }
  await read(file);
  return { files: [resolve(file)], compile: () => readJson(file, pipeline), async [Symbol.asyncDispose]() {} };
}

async function readJson(file: string, wanted: string | undefined): Promise<Sourced> {
  const text = await read(file);
  const { admit } = await import("../model/pipeline.ts");
  const pipeline = admit(text);
  if (wanted === undefined || wanted === pipeline.name) return { pipeline, text };
  throw new UsageError(`${file} holds the pipeline "${pipeline.name}", and not "${wanted}"`, "Leave --pipeline out.");
}

/** Loaded only for a file that it may compile. */
async function compilerOf(file: string) {
  if (!typescript.has(extname(file)))
    throw new UsageError(`${file} is neither TypeScript nor pipeline JSON`, "Give a .ts or a .json file.");
  await read(file);
  return import("../compiler/compile.ts");
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
