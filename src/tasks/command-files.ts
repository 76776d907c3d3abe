/** The files that a command takes along: wherever it runs, it finds them where it starts. */
import { copyFile, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { pack } from "../artifacts/archive.ts";
import { spool } from "../artifacts/spool.ts";
import type { Hash } from "../model/hash.ts";
import { type Blobs, ConflictError } from "../runtime/ports.ts";

/**
 * Keeps the folder, or without one the files below the current folder that the words name, and gives the hash of their archive; `undefined` where there are
 * none. What is hidden (a name that begins with a dot) is left out of a folder, and `node_modules`. Rejects with a ConflictError where the folder cannot be kept.
 */
export async function commandFiles(
  words: readonly string[],
  folder: string | undefined,
  blobs: Blobs,
): Promise<Hash | undefined> {
  if (folder !== undefined) return keep(folder, blobs);
  const named = await namedFiles(words);
  if (named.length === 0) return undefined;
  const copies = await mkdtemp(join(tmpdir(), "reprise-files-"));
  try {
    for (const file of named) {
      await mkdir(dirname(join(copies, file)), { recursive: true });
      await copyFile(file, join(copies, file));
    }
    return await keep(copies, blobs);
  } finally {
    await rm(copies, { recursive: true, force: true });
  }
}

async function keep(folder: string, blobs: Blobs): Promise<Hash> {
  try {
    if (!(await stat(folder)).isDirectory()) throw new ConflictError(`${folder} is no folder`);
    const { file, hash, bytes } = await spool(pack(folder, { isKept }), blobs.spool);
    await blobs.adopt(file, hash, bytes);
    return hash;
  } catch (error) {
    const { code, name, message } = error as NodeJS.ErrnoException;
    if (code !== undefined || name === "TypeError") throw new ConflictError(`the folder of the command: ${message}`);
    throw error;
  }
}

/** Stores, histories, passwords and packages are not the program's own files. */
const isKept = (name: string): boolean => !name.startsWith(".") && name !== "node_modules";

/** Also behind an `=`. Of programs only those that are named by a path, `./run.sh`: others are looked for elsewhere. */
async function namedFiles([program, ...others]: readonly string[]): Promise<string[]> {
  const words = [...(program!.includes("/") ? [program!] : []), ...others];
  const found = new Set<string>();
  for (const word of words) {
    const path = normalize(word.replace(/^[\w.-]+=/, ""));
    if (isAbsolute(path) || path.startsWith("..")) continue;
    if ((await stat(path).catch(() => undefined))?.isFile()) found.add(path);
  }
  return [...found];
}
