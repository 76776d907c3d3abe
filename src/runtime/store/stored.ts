/** A `Stored` value in two columns: its text; or, where there is a number of bytes, the hash of the blob that has them. */
import type { Hash } from "../../model/hash.ts";
import type { Stored } from "../../model/task.ts";

export type StoredColumns = [content: string | null, bytes: number | null];

export const contentOf = (stored: Stored | undefined): string | null =>
  stored === undefined ? null : "text" in stored ? stored.text : stored.blob;

export const bytesOf = (stored: Stored | undefined): number | null =>
  stored === undefined || "text" in stored ? null : stored.bytes;

export function fromColumns([content, bytes]: StoredColumns): Stored | undefined {
  if (content === null) return undefined;
  return bytes === null ? { text: content } : { blob: content as Hash, bytes };
}
