/** Where what is started here has its sources: their state is kept beside each run, and packages that lie there need not be installed. */
import { dirname, resolve } from "node:path";
import { declarationOf } from "../dsl/declaration.ts";
import type { Provenance } from "../model/provenance.ts";
import type { TaskId } from "../model/task.ts";
import type { Store } from "../runtime/ports.ts";
import type { PipelineSource } from "../source.ts";
import { provenanceOf } from "../tasks/provenance.ts";

/** So long what was found out of a folder is taken for its state. */
const freshMs = 10_000;

export class Sources {
  readonly #store: Pick<Store, "blobs" | "provenance">;
  readonly #failed: (error: unknown) => void;
  readonly #folders = new Set<string>();
  readonly #found = new Map<string, { at: number; provenance: Promise<Provenance> }>();
  readonly #describing = new Set<Promise<void>>();

  constructor(store: Pick<Store, "blobs" | "provenance">, failed: (error: unknown) => void) {
    this.#store = store;
    this.#failed = failed;
  }

  /** Folders of what was started here. */
  get folders(): readonly string[] {
    return [...this.#folders];
  }

  add(folder: string): void {
    this.#folders.add(resolve(folder));
  }

  /** Keeps the folder's state beside the run. Nobody waits for it but who closes the store. A program that starts many runs asks once in a while. */
  describe(run: TaskId, folder: string): void {
    const known = this.#found.get(folder);
    const fresh =
      known && Date.now() - known.at < freshMs
        ? known
        : { at: Date.now(), provenance: provenanceOf(folder, this.#store.blobs) };
    this.#found.set(folder, fresh);
    const kept = fresh.provenance
      .then((provenance) => this.#store.provenance.keep(run, provenance))
      .catch(this.#failed)
      .finally(() => this.#describing.delete(kept));
    this.#describing.add(kept);
  }

  /** Resolves when all that was to be described is. */
  async described(): Promise<void> {
    await Promise.all(this.#describing);
  }
}

/** Of the author's file, else this process's. */
export function folderOf(source: PipelineSource): string {
  const file = typeof source === "object" && "file" in source ? source.file : declarationOf(source)?.file;
  return file === undefined ? process.cwd() : dirname(resolve(file));
}
