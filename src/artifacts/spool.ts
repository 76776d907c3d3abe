/** Content on its way to the store: written to a file of its own, hashed as it goes, so that none of it has to fit into memory. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Hash } from "../model/hash.ts";

export type Spooled = { file: string; hash: Hash; bytes: number };

/** Rejects with what the content throws, or the disk; then nothing is left behind. */
export async function spool(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  folder: string,
): Promise<Spooled> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, randomUUID());
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    await using handle = await open(file, "wx");
    for await (const piece of chunks) {
      hash.update(piece);
      bytes += piece.length;
      await handle.writeFile(piece);
    }
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  return { file, hash: `sha256:${hash.digest("hex")}`, bytes };
}
