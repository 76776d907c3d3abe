/**
 * Folders as one stream of bytes: a tar archive (POSIX.1-2001, pax) that depends on nothing but the files' paths, contents and whether they can be
 * executed: equal folders have equal archives. No times, no owners, and no links, which could lead outside where they are unpacked. It is not
 * compressed: the same bytes on every version of a compressor.
 */
import { randomBytes } from "node:crypto";
import { constants, type Dirent } from "node:fs";
import { mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ArchiveEntry } from "../model/artifact.ts";

const block = 512;
const readBytes = 256 * 1024;
/** What the header's eleven octal digits can say. */
const largestPlainSize = 8 ** 11 - 1;

export type PackOptions = {
  /** Hears of every file before its content. */
  seen?: (entry: ArchiveEntry) => void;
  /** What is not kept is left out, and of a folder all that is in it; default: nothing is. */
  isKept?: (name: string) => boolean;
};

/** The folder's archive, piece by piece. Throws a TypeError for what is neither file nor folder. */
export async function* pack(folder: string, options: PackOptions = {}): AsyncGenerator<Buffer> {
  yield* packInside(folder, "", options);
  yield Buffer.alloc(2 * block);
}

async function* packInside(root: string, folder: string, options: PackOptions): AsyncGenerator<Buffer> {
  const { isKept = () => true } = options;
  const found = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of found.filter(({ name }) => isKept(name)).sort(byName)) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      yield header({ path: `${path}/`, bytes: 0, type: "5", mode: 0o755 });
      yield* packInside(root, path, options);
    } else if (entry.isFile()) yield* packFile(root, path, options);
    else
      throw new TypeError(
        `${join(root, path)} is ${kindOf(entry)}: a folder that is kept holds files and folders only`,
      );
  }
}

async function* packFile(root: string, path: string, { seen }: PackOptions): AsyncGenerator<Buffer> {
  await using handle = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
  const { size, mode } = await handle.stat();
  seen?.({ path, bytes: size });
  yield header({ path, bytes: size, type: "0", mode: mode & 0o100 ? 0o755 : 0o644 });
  let read = 0;
  while (read < size) {
    const piece = Buffer.allocUnsafe(Math.min(readBytes, size - read));
    const { bytesRead } = await handle.read(piece, 0, piece.length, read);
    if (bytesRead === 0) throw new Error(`${join(root, path)} became shorter while it was read`);
    read += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
  if (size % block > 0) yield Buffer.alloc(block - (size % block));
}

type Member = { path: string; bytes: number; type: "0" | "5" | "x"; mode: number };

/** One block, after a pax member where path or size do not fit into it. */
function header(member: Member): Buffer {
  const { path, bytes } = member;
  const records = [
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
    ...(Buffer.byteLength(path) > 100 || !/^[\x00-\x7f]*$/.test(path) ? [record("path", path)] : []),
    ...(bytes > largestPlainSize ? [record("size", String(bytes))] : []),
  ];
  if (records.length === 0) return plainHeader(member);
  const pax = Buffer.from(records.join(""), "utf8");
  const padding = Buffer.alloc((block - (pax.length % block)) % block);
  const about: Member = { path: "pax", bytes: pax.length, type: "x", mode: 0o644 };
  const short = Buffer.from(path, "utf8")
    .subarray(0, 100)
    .toString("latin1")
    .replace(/[^ -~]/g, "_");
  return Buffer.concat([
    plainHeader(about),
    pax,
    padding,
    plainHeader({ ...member, path: short, bytes: Math.min(bytes, largestPlainSize) }),
  ]);
}

/** `<length> key=value\n`, the length of all of it. */
function record(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return `${length} ${key}=${value}\n`;
}

function plainHeader({ path, bytes, type, mode }: Member): Buffer {
  const head = Buffer.alloc(block);
  const octal = (value: number, at: number, digits: number) =>
    head.write(`${value.toString(8).padStart(digits, "0")}\0`, at);
  head.write(path, 0, 100, "latin1");
  octal(mode, 100, 7);
  octal(0, 108, 7); // owner
  octal(0, 116, 7); // group
  octal(bytes, 124, 11);
  octal(0, 136, 11); // time
  head.write("        ", 148); // the sum counts itself as blanks
  head.write(type, 156);
  head.write("ustar\u000000", 257);
  octal(
    head.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  head.write(" ", 155);
  return head;
}

/** The files of an archive, in order. Contents are skipped, not read. */
export async function listArchive(archive: string): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  for await (const { path, bytes, isFolder } of members(archive)) if (!isFolder) entries.push({ path, bytes });
  return entries;
}

/**
 * Makes the folder of an archive at a path where nothing is, or an empty folder. It is made beside it and then moved there whole; whatever the archive says,
 * nothing is written outside of it. Throws a TypeError for an archive that is damaged or not one of `pack`.
 */
export async function unpackArchive(archive: string, folder: string): Promise<void> {
  await assertFree(folder);
  const draft = `${folder}.${randomBytes(4).toString("hex")}`;
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(draft);
  try {
    for await (const member of members(archive)) {
      const path = join(draft, checkedPath(member.path));
      if (member.isFolder) await mkdir(path, { recursive: true });
      else await unpackFile(member, path);
    }
    await rmdir(folder).catch(() => {}); // an empty one
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function unpackFile({ mode, chunks }: ReadMember, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await using handle = await open(path, "wx", mode);
  for await (const piece of chunks()) await handle.writeFile(piece);
}

async function assertFree(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (found.length > 0) throw new Error(`${folder} is not empty: choose a folder that is not there yet`);
}

function checkedPath(path: string): string {
  const parts = path.replace(/\/$/, "").split("/");
  if (
    parts.some((part) => part === "" || part === "." || part === ".." || /[\\\0]/.test(part) || /^[A-Za-z]:/.test(part))
  )
    throw new TypeError(`the archive has an entry ${JSON.stringify(path)}, which leads outside of it`);
  return parts.join("/");
}

type ReadMember = { path: string; bytes: number; isFolder: boolean; mode: number; chunks(): AsyncGenerator<Buffer> };

async function* members(archive: string): AsyncGenerator<ReadMember> {
  await using handle = await open(archive);
  const { size } = await stat(archive);
  const read = async (at: number, length: number) => {
    const piece = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(piece, 0, length, at);
    if (bytesRead < length) throw new TypeError("the archive ends too early");
    return piece;
  };
  let pax: { path?: string; size?: number } = {};
  for (let at = 0; at + block <= size; ) {
    const head = await read(at, block);
    if (head.every((byte) => byte === 0)) return;
    const { path, bytes, type, mode } = parsed(head);
    const from = at + block;
    if (type === "x") {
      if (bytes > readBytes) throw new TypeError("the archive has a name that is too long");
      pax = parsePax((await read(from, bytes)).toString("utf8"));
      at = from + padded(bytes);
      continue;
    }
    const length = pax.size ?? bytes;
    if (from + length > size) throw new TypeError("the archive ends too early");
    const chunks = async function* () {
      for (let done = 0; done < length; done += readBytes)
        yield await read(from + done, Math.min(readBytes, length - done));
    };
    yield { path: pax.path ?? path, bytes: length, isFolder: type === "5", mode, chunks };
    pax = {};
    at = from + padded(length);
  }
  throw new TypeError("the archive ends too early");
}

function parsed(head: Buffer): Member {
  const text = (at: number, length: number) => head.toString("latin1", at, at + length).replace(/\0.*$/s, "");
  const number = (at: number, length: number) => Number.parseInt(text(at, length).trim() || "0", 8);
  const sum = head.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (number(148, 8) !== sum) throw new TypeError("the archive is damaged: the sum of a header is wrong");
  const type = text(156, 1) as Member["type"];
  if (type !== "0" && type !== "5" && type !== "x")
    throw new TypeError(`the archive has an entry of the type "${type}", which is neither file nor folder`);
  return { path: text(0, 100), bytes: number(124, 12), type, mode: number(100, 8) & 0o777 };
}

function parsePax(text: string): { path?: string; size?: number } {
  const records = [...text.matchAll(/\d+ (\w+)=([^\n]*)\n/g)];
  const found = Object.fromEntries(records.map(([, key, value]) => [key, value]));
  return {
    ...(found.path !== undefined && { path: found.path }),
    ...(found.size !== undefined && { size: Number(found.size) }),
  };
}

const padded = (bytes: number): number => Math.ceil(bytes / block) * block;
/** By code units, the same in every language. */
const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1);
const kindOf = (entry: Dirent): string => (entry.isSymbolicLink() ? "a symbolic link" : "no ordinary file");
