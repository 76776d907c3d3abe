import { renameSync, rmSync, writeFileSync } from "node:fs";
import { UsageError } from "./errors.ts";

/** Writes all or nothing: a reader never sees half of it. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
