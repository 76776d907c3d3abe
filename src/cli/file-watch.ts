/** Hears when files change: written, replaced, made or deleted. Folders are watched, as editors replace files rather than write them. */
import { existsSync, type FSWatcher, statSync, watch } from "node:fs";
import { dirname, join, sep } from "node:path";
import { setTimeout } from "node:timers/promises";

/** One save is several events. Milliseconds from the first till it is looked at what has come of it. */
const settleMs = 4;

/** The clock of files is coarser than that of programs. Milliseconds. */
const clockMs = 20;

export class FileWatch implements Disposable {
  readonly #watchers = new Map<string, FSWatcher>();
  #files = new Set<string>();
  #isLoose = false;
  #changed = Promise.withResolvers<void>();

  /**
   * From now on `changed` hears of these files (absolute paths, there or not), also where one was written since `since` (milliseconds since 1970), before anybody
   * listened. `loose`: of whatever lies beside them too. Packages are left out: what says which are installed is a file of its own.
   */
  watch(files: Iterable<string>, since: number, { loose }: { loose: boolean }): void {
    this.#files = new Set([...files].filter((path) => !path.includes(`${sep}node_modules${sep}`) || isLock(path)));
    this.#isLoose = loose;
    const folders = new Set([...this.#files].map((path) => existing(dirname(path))));
    for (const [folder, watcher] of this.#watchers) if (!folders.has(folder)) this.#forget(folder, watcher);
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#listen(folder);
    if ([...this.#files].some((path) => writtenAt(path) >= since - clockMs)) this.#changed.resolve();
  }

  /** When something has changed since this was called last, and the change is complete; or when the signal says to stop. */
  async changed(signal: AbortSignal): Promise<void> {
    const stop = () => this.#changed.resolve();
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    await this.#changed.promise;
    signal.removeEventListener("abort", stop);
    await setTimeout(settleMs);
    this.#changed = Promise.withResolvers<void>();
  }

  [Symbol.dispose](): void {
    for (const [folder, watcher] of this.#watchers) this.#forget(folder, watcher);
  }

  #listen(folder: string): void {
    const watcher = watch(folder, (_, name) => {
      const path = name === null ? undefined : join(folder, name);
      // A file that is awaited may lie in a folder that is made only now.
      const isAwaited = path === undefined || this.#files.has(path) || [...this.#files].some(isIn(path));
      if (isAwaited || this.#isLoose) this.#changed.resolve();
    });
    watcher.on("error", () => {
      this.#forget(folder, watcher);
      this.#changed.resolve();
    });
    this.#watchers.set(folder, watcher);
  }

  #forget(folder: string, watcher: FSWatcher): void {
    watcher.close();
    this.#watchers.delete(folder);
  }
}

const isLock = (path: string) => path.endsWith(`${sep}node_modules${sep}.package-lock.json`);
const isIn = (folder: string) => (path: string) => path.startsWith(folder + sep);

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

function writtenAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
