/** `run --watch`: a file is run, and run again whenever it, or what it imports, has changed, until Ctrl-C. */
import { readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Pipeline } from "../model/pipeline.ts";
import { exitCodes, explain, UsageError } from "./errors.ts";
import { compileFile, isSourceFile, readPipeline, type SourceOptions } from "./source.ts";
import { changeIn } from "./source-changes.ts";
import { hasColor } from "./view/style.ts";

/** Runs what was compiled, and gives the exit code. When `changed` gives a file, a run that still goes on is to be aborted. */
export type Run = (pipeline: Pipeline, changed: Promise<string | undefined>) => Promise<number>;

/** Gives the exit code: that of a run that Ctrl-C has aborted, else 0. Rejects with a UsageError where there is nothing to watch. */
export async function runAgain(file: string, options: SourceOptions, run: Run): Promise<number> {
  const over = new AbortController();
  const end = () => over.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, end);
  let files: string[] = [];
  try {
    for (;;) {
      const { pipeline, ...found } = await compiled(file, options, files.length === 0);
      files = found.files ?? [...new Set([...files, ...besides(file)])];
      const change = changeIn(files, over.signal);
      const code = pipeline === undefined ? exitCodes.usage : await attempt(() => run(pipeline, change));
      if (over.signal.aborted) return code;
      process.stderr.write(`watching ${file} and what it is made from (Ctrl-C ends)\n`);
      const changed = await change;
      if (changed === undefined) return exitCodes.completed;
      process.stderr.write(`\n${relative(process.cwd(), changed)} has changed: running again\n\n`);
    }
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}

/** Without a pipeline where it has problems, which are said. */
async function compiled(
  file: string,
  options: SourceOptions,
  isFirst: boolean,
): Promise<{ pipeline?: Pipeline; files?: string[] }> {
  try {
    if (file.endsWith(".json")) return { pipeline: await readPipeline(file, options), files: [resolve(file)] };
    const { pipeline, files } = await compileFile(file, options);
    return { pipeline, files: files.filter((each) => !each.includes("/node_modules/")) };
  } catch (error) {
    // Later, a file that is not there may be about to be replaced.
    if (isFirst && error instanceof UsageError) throw error;
    say(error);
    return {};
  }
}

/** What was wrong may be in any file beside it. */
function besides(file: string): string[] {
  const folder = dirname(resolve(file));
  return readdirSync(folder)
    .filter(isSourceFile)
    .map((name) => join(folder, name));
}

/** Params may not fit any more what was edited, and fit again soon. */
async function attempt(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    return say(error);
  }
}

function say(error: unknown): number {
  const { text, exitCode } = explain(error, { color: hasColor(process.stderr) });
  process.stderr.write(text);
  return exitCode;
}
