/** Waiting for somebody to edit a file. */
import { readFileSync, watch } from "node:fs";
import { dirname, join } from "node:path";

/** An editor may write a file in several steps. Milliseconds after the last one. */
const settledMs = 50;

/**
 * Gives the first of the files whose content is another than it was at the call, whether it was written in place, replaced, made or removed; undefined when the
 * signal aborts.
 *
 * @example
 * const changed = await changeIn(["/home/ada/pipeline.ts"], AbortSignal.timeout(60_000));
 */
export async function changeIn(files: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const known = new Map(files.map((file) => [file, contentOf(file)]));
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const look = () => {
    const changed = files.find((file) => contentOf(file) !== known.get(file));
    if (changed !== undefined) resolve(changed);
  };
  let settled: NodeJS.Timeout | undefined;
  const hear = (file: string) => {
    if (!known.has(file)) return;
    clearTimeout(settled);
    settled = setTimeout(look, settledMs);
  };
  // Of folders: a file that is replaced is another file to the system.
  const watchers = [...new Set(files.map((file) => dirname(file)))].map((folder) =>
    watch(folder, (_, name) => hear(join(folder, name ?? ""))).on("error", () => {}),
  );
  const stop = () => resolve(undefined);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    return await promise;
  } finally {
    clearTimeout(settled);
    signal.removeEventListener("abort", stop);
    for (const watcher of watchers) watcher.close();
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
