/** Encoded values where they are kept: small ones in their row, large ones as blobs. */
import type { Stored } from "../../model/task.ts";
import { largeBytes } from "../../model/value.ts";
import type { Blobs } from "../ports.ts";

/** At once, where it is small. */
export function keep(blobs: Blobs, text: string): Stored | Promise<Stored> {
  // A character is at most three bytes of UTF-8: most texts need no counting.
  const bytes = text.length * 3 <= largeBytes ? 0 : Buffer.byteLength(text);
  return bytes > largeBytes ? blobs.put(text).then((blob) => ({ blob, bytes })) : { text };
}

/** Rejects with the store's sentence where a blob is missing or was changed. */
export async function textOf(blobs: Pick<Blobs, "get">, stored: Stored): Promise<string> {
  return "text" in stored ? stored.text : (await blobs.get(stored.blob)).toString("utf8");
}
