import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { UsageError } from "./errors.ts";

/** Writes all or nothing: a reader never sees half of it. What stands there and is no file, such as `/dev/null` or a pipe, is written to as it is. */
export function writeWhole(file: string, text: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  const target = there ? realpathSync(file) : file;
  const draft = `${target}.${process.pid}.tmp`;
  try {
    if (there && !there.isFile()) return writeFileSync(file, text);
    writeFileSync(draft, text);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
