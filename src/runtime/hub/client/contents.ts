/** Contents that lie at a hub, as files here: fetched once, checked by their hash, and kept for a while. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Hash, hashOf, hashPattern } from "../../../model/hash.ts";
import type { Blobs } from "../../ports.ts";
import type { Connection } from "./connection.ts";

/** What nobody has asked for since then may be fetched again. */
const dayMs = 86_400_000;
const keptMs = 7 * dayMs;

export class Contents implements Blobs {
  readonly spool: string;
  readonly #folder: string;
  readonly #connection: Connection;
  readonly #fetching = new Map<Hash, Promise<string>>();

  /** `folder`: a place of this machine for contents of that hub, which several processes may share. */
  constructor(connection: Connection, folder: string) {
    this.#connection = connection;
    this.#folder = folder;
    this.spool = join(folder, "spool");
  }

  async put(content: string | Uint8Array): Promise<Hash> {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    const hash = hashOf(bytes);
    await this.#upload(hash, bytes.length, () => Readable.from([bytes], { objectMode: false }));
    return hash;
  }

  async get(hash: Hash): Promise<Buffer> {
    return readFile(await this.file(hash));
  }

  async adopt(file: string, hash: Hash, bytes: number): Promise<void> {
    const place = this.#place(hash);
    if ((await this.#size(hash)) !== bytes) await this.#upload(hash, bytes, () => createReadStream(file));
    await mkdir(dirname(place), { recursive: true });
    await rename(file, place);
  }

  file(hash: Hash): Promise<string> {
    const known = this.#fetching.get(hash);
    if (known) return known;
    const fetching = this.#fetched(hash).finally(() => this.#fetching.delete(hash));
    this.#fetching.set(hash, fetching);
    return fetching;
  }

  /** Removes what was not asked for lately; looks for that once a day. */
  async tidy(): Promise<void> {
    const mark = join(this.#folder, "tidied");
    const last = await stat(mark).catch(() => undefined);
    if (last && last.mtimeMs > Date.now() - dayMs) return;
    await writeFile(mark, "");
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile()) continue;
      const known = await stat(path).catch(() => undefined);
      if (known && known.mtimeMs < Date.now() - keptMs) await rm(path, { force: true });
    }
  }

  async #fetched(hash: Hash): Promise<string> {
    const place = this.#place(hash);
    const now = new Date();
    const isHere = await utimes(place, now, now).then(
      () => true,
      () => false,
    );
    if (!isHere) await this.#download(hash, place);
    return place;
  }

  /** Under a name of its own first: whoever sees the final name sees the whole content. */
  async #download(hash: Hash, place: string): Promise<void> {
    await mkdir(dirname(place), { recursive: true });
    const unfinished = `${place}.${randomUUID()}`;
    const digest = createHash("sha256");
    const hashing = new Transform({
      transform(chunk: Buffer, _, done) {
        digest.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await this.#connection.fetch({ verb: "GET", path: `/blobs/${hash}` }, (content) =>
        pipeline(content, hashing, createWriteStream(unfinished)),
      );
      if (`sha256:${digest.digest("hex")}` !== hash)
        throw new Error(`the content ${hash} came damaged from the hub: it does not match its hash`);
      await rename(unfinished, place);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  async #upload(hash: Hash, bytes: number, content: () => Readable): Promise<void> {
    const headers = { "content-type": "application/octet-stream", "content-length": String(bytes) };
    await this.#connection.ask({ verb: "PUT", path: `/blobs/${hash}`, headers, content });
  }

  async #size(hash: Hash): Promise<number | undefined> {
    const answer = await this.#connection.ask({ verb: "GET", path: `/blobs/${hash}/size` }).catch((error: Error) => {
      if (error.name !== "NotFound") throw error;
    });
    return (answer?.body as { bytes: number } | undefined)?.bytes;
  }

  #place(hash: Hash): string {
    if (!hashPattern.test(hash)) throw new Error(`"${hash}" is not a sha256: hash`);
    const digits = hash.slice("sha256:".length);
    return join(this.#folder, "blobs", digits.slice(0, 2), digits.slice(2));
  }
}
