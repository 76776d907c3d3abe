/** Waits until somebody changes files. Folders are watched, as editors replace files rather than write them. */
import { hash } from "node:crypto";
import { existsSync, type FSWatcher, readFileSync, statSync, watch } from "node:fs";
import { dirname, join, sep } from "node:path";

/** One save is several events. Milliseconds after the last one. */
const settledMs = 5;

/** The clock of files is coarser than that of programs. Milliseconds. */
const clockMs = 20;

export class FileWatch implements Disposable {
  readonly #watchers = new Map<string, FSWatcher>();
  #known = new Map<string, Content>();
  #found = Promise.withResolvers<string | undefined>();
  #settled: NodeJS.Timeout | undefined;

  /** To be called before files are read: what is written from now on is a change. Gives this moment, for `changed`. */
  begin(): number {
    for (const path of this.#known.keys()) this.#known.set(path, contentOf(path));
    return Date.now();
  }

  /**
   * Gives the first of these files (absolute paths, there or not) whose content is another than it was at `since`, when somebody began to read them; `undefined`
   * when the signal aborts. Packages are left out: what says which are installed is a file of its own. A further call takes the place of the one before.
   *
   * @example
   * const since = watch.begin();
   * const files = await compile();
   * const file = await watch.changed(files, since, signal);
   */
  async changed(files: Iterable<string>, since: number, signal: AbortSignal): Promise<string | undefined> {
    const before = this.#known;
    const watched = [...files].filter((path) => !path.includes(`${sep}node_modules${sep}`) || isLock(path));
    const known = (path: string) => (before.has(path) ? before.get(path) : contentAt(path, since));
    this.#known = new Map(watched.map((path) => [path, known(path)]));
    this.#found = Promise.withResolvers();
    const stop = () => this.#found.resolve(undefined);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    this.#look();
    try {
      return await this.#found.promise;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#settled);
    for (const [folder, watcher] of this.#watchers) this.#forget(folder, watcher);
  }

  /** Listens first, so that nothing happens in between. */
  #look(): void {
    const folders = new Set([...this.#known.keys()].map((path) => existing(dirname(path))));
    for (const [folder, watcher] of this.#watchers) if (!folders.has(folder)) this.#forget(folder, watcher);
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#listen(folder);
    for (const [path, content] of this.#known) if (contentOf(path) !== content) return this.#found.resolve(path);
  }

  #listen(folder: string): void {
    const watcher = watch(folder, (_, name) => this.#hear(name === null ? folder : join(folder, name)));
    watcher.on("error", () => this.#forget(folder, watcher));
    this.#watchers.set(folder, watcher);
  }

  #hear(path: string): void {
    // A file that is awaited may lie in a folder that is made only now.
    if (!this.#known.has(path) && ![...this.#known.keys()].some((known) => known.startsWith(path + sep))) return;
    clearTimeout(this.#settled);
    this.#settled = setTimeout(() => this.#look(), settledMs);
  }

  #forget(folder: string, watcher: FSWatcher): void {
    watcher.close();
    this.#watchers.delete(folder);
  }
}

/** By its hash, or why it cannot be read; absent for what is not there. */
type Content = string | undefined;

function contentOf(path: string): Content {
  try {
    return hash("sha1", readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : code;
  }
}

/** What was written since is not what was read. */
function contentAt(path: string, since: number): Content {
  const { mtimeMs = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return mtimeMs < since - clockMs ? contentOf(path) : "unknown";
}

const isLock = (path: string) => path.endsWith(`${sep}node_modules${sep}.package-lock.json`);

function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}
