/** Encoded values where they are kept: small ones in their row, large ones by their content's hash. */
import type { Stored } from "../../model/task.ts";
import { largeBytes } from "../../model/value.ts";
import type { Blobs } from "../ports.ts";

/** At once, where it is small. */
export function keep(text: string, blobs: Pick<Blobs, "put">): Stored | Promise<Stored> {
  // A character is at most three bytes of UTF-8: most texts need no counting.
  const bytes = text.length * 3 <= largeBytes ? 0 : Buffer.byteLength(text);
  return bytes > largeBytes ? blobs.put(text).then((blob) => ({ blob, bytes })) : { text };
}

export async function textOf(stored: Stored, blobs: Pick<Blobs, "get">): Promise<string> {
  return "text" in stored ? stored.text : (await blobs.get(stored.blob)).toString("utf8");
}
