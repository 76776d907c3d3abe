/** `run --watch`: a file is run, and run again whenever it, or what it imports, has changed, until Ctrl-C. */
import { relative } from "node:path";
import type { Pipeline } from "../model/pipeline.ts";
import { exitCodes, explain } from "./errors.ts";
import { versions } from "./versions.ts";
import { hasColor } from "./view/style.ts";

/** Runs what was compiled, and gives the exit code. When `changed` gives a file, a run that still goes on is to be aborted. */
export type Run = (pipeline: Pipeline, changed: Promise<string | undefined>) => Promise<number>;

/** Gives the exit code: that of a run that Ctrl-C has aborted, else 0. Rejects with a UsageError where there is nothing to watch. */
export async function runAgain(file: string, pipeline: string | undefined, run: Run): Promise<number> {
  const over = new AbortController();
  const end = () => over.abort();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, end);
  try {
    for await (const version of versions(file, { pipeline, signal: over.signal })) {
      const { changed } = version;
      const code =
        "error" in version ? say(version.error) : await attempt(() => run(version.compiled.pipeline, changed));
      if (over.signal.aborted) return code;
      process.stderr.write(`watching ${file} and what it is made from (Ctrl-C ends)\n`);
      const other = await changed;
      if (other !== undefined)
        process.stderr.write(`\n${relative(process.cwd(), other)} has changed: running again\n\n`);
    }
    return exitCodes.completed;
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
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
