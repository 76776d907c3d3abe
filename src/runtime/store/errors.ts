/** What disk and database refuse, as one sentence that says how to mend it. */
import { StoreError } from "../ports.ts";

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html */
const sqlite = {
  perm: 3,
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADatabase: 26,
};

const mishaps = new Map<string | number, (folder: string) => string>();
for (const code of [sqlite.full, "ENOSPC", "EDQUOT"])
  mishaps.set(code, () => "the disk is full. Free some space and try again; nothing that was acknowledged is lost");
for (const code of [sqlite.perm, sqlite.readOnly, sqlite.cantOpen, "EACCES", "EPERM", "EROFS"])
  mishaps.set(code, () => "permission is missing. Make the folder writable, or choose another one with --store");
for (const code of ["ENOTDIR", "EEXIST"])
  mishaps.set(
    code,
    () => "there is a file where a folder should be. Move it away, or choose another folder with --store",
  );
for (const code of [sqlite.corrupt, sqlite.notADatabase])
  mishaps.set(
    code,
    () =>
      "reprise.db in it is damaged, or is no database. Put a copy back in its place, or choose another folder with --store",
  );
for (const code of [sqlite.busy, sqlite.locked])
  mishaps.set(code, () => "another process keeps it locked. Wait for that process or end it, and try again");
for (const code of [sqlite.io, "EIO", "EFBIG"])
  mishaps.set(
    code,
    () =>
      "the disk did not take what was written. See whether it is full, failing, or limits the size of files, and try again",
  );
mishaps.set(sqlite.noMemory, () => "memory ran out. End other programs and try again");

/** The mishap as a StoreError where it is one of the disk or the database; else the error itself, which is a bug of ours or a refusal. */
export function storeError(error: unknown, folder: string): unknown {
  const { code, errcode, message } = error as { code?: string; errcode?: number; message?: string };
  const mishap = mishaps.get(code === "ERR_SQLITE_ERROR" ? (errcode ?? 0) & 0xff : (code ?? ""));
  if (mishap === undefined) return error;
  return new StoreError(`the store ${folder} cannot be used: ${mishap(folder)} (${message})`, { cause: error });
}
