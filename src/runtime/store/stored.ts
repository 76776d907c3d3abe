/** A `Stored` value in two columns: its text; or, where there is a number of bytes, the hash of the blob that has them. */
import type { Hash } from "../../model/hash.ts";
import type { Stored } from "../../model/task.ts";

export type StoredColumns = [content: string | null, bytes: number | null];

export function toColumns(stored: Stored | undefined): StoredColumns {
  if (stored === undefined) return [null, null];
  return "text" in stored ? [stored.text, null] : [stored.blob, stored.bytes];
}

export function fromColumns([content, bytes]: StoredColumns): Stored | undefined {
  if (content === null) return undefined;
  return bytes === null ? { text: content } : { blob: content as Hash, bytes };
}
