/** What is another in two values, field by field, in few words. */
import { byContent, encode } from "../model/value.ts";

/** `field`: empty where not both are objects. `before` and `after` are words; absent where there is none. */
export type ValueChange = { field: string; before?: string; after?: string };

/** `words`: a value on one line. */
export function changesBetween(before: unknown, after: unknown, words: (value: unknown) => string): ValueChange[] {
  if (textOf(before) === textOf(after)) return [];
  const change = (field: string, before: unknown, after: unknown): ValueChange => ({
    field,
    ...(before !== undefined && { before: words(before) }),
    ...(after !== undefined && { after: words(after) }),
  });
  if (!isPlain(before) || !isPlain(after)) return [change("", before, after)];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .filter((field) => textOf(before[field]) !== textOf(after[field]))
    .map((field) => change(field, before[field], after[field]));
}

/** `depth: 1 → 2`. */
export const changeText = ({ field, before = "(none)", after = "(none)" }: ValueChange): string =>
  `${field === "" ? "" : `${field}: `}${before} → ${after}`;

/** Enough of a hash to tell two apart. */
export const shortHash = (hash: string): string => hash.slice(0, "sha256:".length + 12);

/** Artifacts are equal by their content. */
const textOf = (value: unknown): string => byContent(encode(value));

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
