/** Reads artifacts whose content lies in files. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ArtifactFacts, ArtifactReader } from "../model/artifact.ts";
import type { Hash } from "../model/hash.ts";
import { listArchive, unpackArchive } from "./archive.ts";

/** `file`: gives the path of a file that has the content, not to be written to; rejects where there is none. */
export function readerOf(file: (hash: Hash) => Promise<string>): ArtifactReader {
  return {
    async *chunks(artifact) {
      yield* checked(artifact, await file(artifact.hash));
    },
    async copy(artifact, path) {
      const target = resolve(path);
      const draft = `${target}.${randomUUID()}`;
      const source = await file(artifact.hash);
      await verify(artifact, source);
      const there = statSync(target, { throwIfNoEntry: false });
      // A device or a pipe is written to: a file in its place would be another thing. A folder is refused by the system.
      if (there && !there.isFile() && !there.isDirectory())
        return pipeline(createReadStream(source), createWriteStream(target));
      try {
        await mkdir(dirname(target), { recursive: true });
        await copyFile(source, draft);
        await rename(draft, target);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    async unpack(artifact, path) {
      const source = await file(artifact.hash);
      await verify(artifact, source);
      await unpackArchive(source, resolve(path));
    },
    entries: async (artifact) => listArchive(await file(artifact.hash)),
  };
}

async function* checked({ name, hash }: ArtifactFacts, file: string): AsyncGenerator<Buffer> {
  const sum = createHash("sha256");
  for await (const piece of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    sum.update(piece);
    yield piece;
  }
  if (`sha256:${sum.digest("hex")}` !== hash)
    throw new Error(`the content of the artifact "${name}" is damaged: it does not match its hash ${hash}`);
}

async function verify(artifact: ArtifactFacts, file: string): Promise<void> {
  for await (const _ of checked(artifact, file));
}
