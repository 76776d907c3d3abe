/** Blobs: contents by their hash, each in a file of its own, `blobs/<2 digits>/<62 digits>`. */
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Hash, hashOf, hashPattern } from "../../model/hash.ts";
import type { Blobs } from "../ports.ts";
import type { Durability } from "./database.ts";
import { storeError } from "./errors.ts";

export class BlobFolder implements Blobs {
  readonly #store: string;
  readonly #durability: Durability;

  constructor(store: string, durability: Durability) {
    this.#store = store;
    this.#durability = durability;
  }

  async put(content: string | Uint8Array): Promise<Hash> {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    const hash = hashOf(bytes);
    const file = this.#file(hash);
    try {
      // Of another length: a power cut came between its renaming and its content.
      if ((await sizeOf(file)) !== bytes.length) await this.#write(file, bytes);
    } catch (error) {
      throw storeError(error, this.#store);
    }
    return hash;
  }

  async get(hash: Hash): Promise<Buffer> {
    if (!hashPattern.test(hash)) throw new Error(`"${hash}" is not a sha256: hash`);
    const content = await readFile(this.#file(hash)).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT"
        ? new Error(`the store ${this.#store} has no content ${hash}`)
        : storeError(error, this.#store);
    });
    if (hashOf(content) !== hash)
      throw new Error(`in the store ${this.#store} the content ${hash} is damaged: it does not match its hash`);
    return content;
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

  #file(hash: Hash): string {
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

/** The name, too, is on the disk only then. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}
