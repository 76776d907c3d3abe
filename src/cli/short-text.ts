import { hashOf } from "../model/hash.ts";
import { byContent, encode } from "../model/value.ts";
import { shortHash } from "./changes.ts";
import { pretty } from "./values.ts";
import { cut, formatBytes, oneLine, widthOf } from "./view/text.ts";

/** What is no longer stands whole; of anything else, so much. */
const wholeWidth = 60;
const cutWidth = 30;

/** A value on one line. What is long is known by its size and its hash: equal hashes, equal values. */
export function shortText(value: unknown): string {
  const lines = pretty(value, { width: Number.POSITIVE_INFINITY, color: false });
  const words = oneLine(lines.replace(/\s*\n\s*/g, " "));
  if (widthOf(words) <= wholeWidth) return words;
  const text = byContent(encode(value));
  return `${cut(words, cutWidth)} (${formatBytes(Buffer.byteLength(text))}, ${shortHash(hashOf(text))})`;
}
