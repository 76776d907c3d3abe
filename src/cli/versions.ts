/** A program as it is, and again whenever its files have changed: for `--watch`. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { FileWatch } from "./file-watch.ts";
import { isSourceFile, openSource, type Source, type Sourced } from "./source.ts";

/** What it compiles to, or why it does not. `ms`: what that took. */
type Compiled = ({ compiled: Sourced } | { error: Error }) & { ms: number };

/** `changed` gives the first file that is another, and `undefined` when the signal says to stop. */
type Version = Compiled & { changed: Promise<string | undefined> };

type Options = { pipeline?: string | undefined; signal: AbortSignal };

/**
 * The first version at once, a further one after each change, also where it compiles to the same. Ends when the signal says so. Throws a UsageError where the file
 * cannot be one at all, and a SettingError.
 */
export async function* versions(file: string, { pipeline, signal }: Options): AsyncGenerator<Version, void> {
  await using source = await openSource(file, pipeline);
  using watch = new FileWatch();
  while (!signal.aborted) {
    const since = watch.begin();
    const version = await compile(source);
    const files = "error" in version ? [...source.files, ...besides(file)] : source.files;
    const changed = watch.changed(files, since, signal);
    yield { ...version, changed };
    await changed;
  }
}

async function compile(source: Source): Promise<Compiled> {
  const begunAt = performance.now();
  const ms = () => performance.now() - begunAt;
  try {
    return { compiled: await source.compile(), ms: ms() };
  } catch (error) {
    return { error: error as Error, ms: ms() };
  }
}

/** What was wrong may be in any file beside it. */
function besides(file: string): string[] {
  const folder = dirname(resolve(file));
  return (existsSync(folder) ? readdirSync(folder) : []).filter(isSourceFile).map((name) => join(folder, name));
}
