/** A program as it is, and again whenever it has changed: for `--watch`. */
import type { Compiled } from "../compiler/compiled.ts";
import type { Recompiler } from "../compiler/recompiler.ts";
import { FileWatch } from "./file-watch.ts";
import { openSource } from "./source.ts";

/** `ms`: what it took, from when the change was seen. */
export type Version = ({ compiled: Compiled } | { error: Error }) & { ms: number };

type Options = { pipeline?: string | undefined; signal: AbortSignal };

/**
 * The first version at once; a further one when files of the program have changed, and with them what is compiled, or the problems. Ends when the signal says
 * so. Throws a UsageError where the file cannot be one at all, and a SettingError.
 */
export async function* versions(file: string, { pipeline, signal }: Options): AsyncGenerator<Version, void> {
  await using program = await openSource(file, pipeline);
  using watched = new FileWatch();
  let before: string | undefined;
  while (!signal.aborted) {
    const since = Date.now();
    const version = await compile(program);
    watched.watch(program.files, since, { loose: "error" in version });
    const now = "error" in version ? version.error.message : version.compiled.text;
    if (now !== before) yield version;
    before = now;
    await watched.changed(signal);
  }
}

async function compile(program: Recompiler): Promise<Version> {
  const begunAt = performance.now();
  const ms = () => performance.now() - begunAt;
  try {
    return { compiled: await program.compile(), ms: ms() };
  } catch (error) {
    if ((error as Error).name !== "CompileError") throw error;
    return { error: error as Error, ms: ms() };
  }
}
