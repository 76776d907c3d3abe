/** What is another in two values, field by field, in few words. */
import { hashOf } from "../model/hash.ts";
import { byContent, encode } from "../model/value.ts";
import { pretty } from "./values.ts";
import { cut, formatBytes, oneLine, widthOf } from "./view/text.ts";

/** `field`: empty where not both are objects. `before` and `after` are words; absent where there is none. */
export type ValueChange = { field: string; before?: string; after?: string };

export function changesBetween(before: unknown, after: unknown): ValueChange[] {
  if (textOf(before) === textOf(after)) return [];
  if (!isPlain(before) || !isPlain(after)) return [change("", before, after)];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .filter((field) => textOf(before[field]) !== textOf(after[field]))
    .map((field) => change(field, before[field], after[field]));
}

/** `depth: 1 → 2`. */
export const changeText = ({ field, before = "(none)", after = "(none)" }: ValueChange): string =>
  `${field === "" ? "" : `${field}: `}${before} → ${after}`;

/** On one line. What is long is known by its size and its hash: equal hashes, equal values. */
export function shortText(value: unknown): string {
  const lines = pretty(value, { width: Number.POSITIVE_INFINITY, color: false });
  const words = oneLine(lines.replace(/\s*\n\s*/g, " "));
  if (widthOf(words) <= wholeWidth) return words;
  const text = textOf(value);
  return `${cut(words, cutWidth)} (${formatBytes(Buffer.byteLength(text))}, ${shortHash(hashOf(text))})`;
}

/** Enough of a hash to tell two apart. */
export const shortHash = (hash: string): string => hash.slice(0, "sha256:".length + 12);

/** What is no longer stands whole; of anything else, so much. */
const wholeWidth = 60;
const cutWidth = 30;

const change = (field: string, before: unknown, after: unknown): ValueChange => ({
  field,
  ...(before !== undefined && { before: shortText(before) }),
  ...(after !== undefined && { after: shortText(after) }),
});

/** Artifacts are equal by their content. */
const textOf = (value: unknown): string => byContent(encode(value));

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
