/** Blobs: contents by their hash, each in a file of its own, `blobs/<2 digits>/<62 digits>`; what is on its way lies in `blobs/spool`. */
import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Hash, hashOf, hashPattern } from "../../model/hash.ts";
import type { Blobs } from "../ports.ts";
import type { Durability } from "./database.ts";
import { storeError } from "./errors.ts";

export class BlobFolder implements Blobs {
  readonly spool: string;
  readonly #store: string;
  readonly #durability: Durability;

  constructor(store: string, durability: Durability) {
    this.spool = join(store, "blobs", "spool");
    this.#store = store;
    this.#durability = durability;
  }

  async put(content: string | Uint8Array): Promise<Hash> {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    const hash = hashOf(bytes);
    const file = this.#file(hash);
    try {
      // Of another length: a power cut came between its renaming and its content.
      if ((await sizeOf(file)) !== bytes.length || !(await touch(file))) await this.#write(file, bytes);
    } catch (error) {
      throw storeError(error, this.#store);
    }
    return hash;
  }

  async adopt(spooled: string, hash: Hash, bytes: number): Promise<void> {
    const file = this.#file(hash);
    try {
      if ((await sizeOf(file)) === bytes && (await touch(file))) return await rm(spooled);
      await mkdir(dirname(file), { recursive: true });
      if (this.#durability === "full") await syncFile(spooled);
      await rename(spooled, file);
      if (this.#durability === "full") await syncFolder(dirname(file));
    } catch (error) {
      throw storeError(error, this.#store);
    }
  }

  async file(hash: Hash): Promise<string> {
    const file = this.#file(hash);
    await stat(file).catch((error) => this.#missing(error, hash));
    return file;
  }

  async get(hash: Hash): Promise<Buffer> {
    const content = await readFile(this.#file(hash)).catch((error) => this.#missing(error, hash));
    if (hashOf(content) !== hash)
      throw new Error(`in the store ${this.#store} the content ${hash} is damaged: it does not match its hash`);
    return content;
  }

  /** Every file, with its hash where its name says one: another is on its way, or was left there. */
  async *files(): AsyncGenerator<{ path: string; hash?: Hash }> {
    for (const entry of await readdir(join(this.#store, "blobs"), { recursive: true, withFileTypes: true }).catch(
      () => [],
    )) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const hash = `sha256:${basename(entry.parentPath)}${entry.name}`;
      yield { path, ...(hashPattern.test(hash) && { hash: hash as Hash }) };
    }
  }

  /** Was it last put before that time? Also where it is not there. */
  async isOlder(hash: Hash, than: number): Promise<boolean> {
    const known = await stat(this.#file(hash)).catch(() => undefined);
    return known === undefined || known.mtimeMs < than;
  }

  /**
   * Removes a file that was last put before that time, and gives its size; `undefined` where it stays. It is put aside first: who puts it again either
   * touches it before, which is seen, or no longer finds it, and writes it anew.
   */
  async remove(path: string, before: number, dryRun: boolean): Promise<number | undefined> {
    const aside = join(this.#store, "blobs", `removed-${randomUUID()}`);
    try {
      const { mtimeMs, size } = await stat(path);
      if (mtimeMs >= before) return undefined;
      if (dryRun) return size;
      await rename(path, aside);
      if ((await stat(aside)).mtimeMs >= before) {
        await rename(aside, path);
        return undefined;
      }
      await rm(aside);
      return size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw storeError(error, this.#store);
    }
  }

  /** Under a name of its own first: whoever sees the final name sees the whole content. */
  async #write(file: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    const unfinished = `${file}.${randomUUID()}`;
    try {
      await using handle = await open(unfinished, "wx");
      await handle.writeFile(bytes);
      if (this.#durability === "full") await handle.sync();
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    if (this.#durability === "full") await syncFolder(dirname(file));
  }

  #missing(error: NodeJS.ErrnoException, hash: Hash): never {
    throw error.code === "ENOENT"
      ? new Error(`the store ${this.#store} has no content ${hash}`)
      : storeError(error, this.#store);
  }

  #file(hash: Hash): string {
    if (!hashPattern.test(hash)) throw new Error(`"${hash}" is not a sha256: hash`);
    const digits = hash.slice("sha256:".length);
    return join(this.#store, "blobs", digits.slice(0, 2), digits.slice(2));
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** It was put again: a sweep leaves it. False where it is gone. */
async function touch(file: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(file, now, now);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function syncFile(file: string): Promise<void> {
  await using handle = await open(file, "r+");
  await handle.sync();
}

/** The name, too, is on the disk only then. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}
