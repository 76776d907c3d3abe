/** Kept values: decoded, and shown in few words or many. */

import { formatBytes, formatNumber } from "../../src/cli/view/text.ts";
import { isArtifact } from "../../src/model/artifact.ts";
import type { Hash } from "../../src/model/hash.ts";
import type { Stored } from "../../src/model/task.ts";
import { decodeWhole } from "../../src/model/value.ts";
import { fetchHub } from "./ask.ts";

const textOf = async (hash: Hash): Promise<string> => (await fetchHub(`/blobs/${hash}`)).text();

/** Values above that are shown by their size alone, until somebody asks. */
export const largestShown = 2_000_000;

export async function storedValue(stored: Stored | undefined): Promise<unknown> {
  if (stored === undefined) return undefined;
  return decodeWhole("text" in stored ? stored.text : await textOf(stored.blob), textOf);
}

/** On one line, cut to `length` characters: `{ depth: 3, accuracy: 0.97 }`. */
export function brief(value: unknown, length = 80): string {
  const text = show(value, 2);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function show(value: unknown, depth: number): string {
  if (typeof value === "string")
    return depth === 2 ? value : JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  if (isArtifact(value)) return `${value.name} (${formatBytes(value.bytes)})`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof RegExp || value instanceof URL) return String(value);
  if (value instanceof Map) return `Map of ${value.size}`;
  if (value instanceof Set) return `Set of ${value.size}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}, ${formatBytes(value.byteLength)}`;
  if (Array.isArray(value)) {
    if (value.length > 6 || depth === 0) return `[${value.length} items]`;
    return `[${value.map((item) => show(item, depth - 1)).join(", ")}]`;
  }
  const fields = Object.entries(value);
  if (depth === 0 && fields.length > 0) return "{…}";
  const shown = fields.slice(0, 8).map(([key, item]) => `${key}: ${show(item, depth - 1)}`);
  return shown.length === 0 ? "{}" : `{ ${shown.join(", ")}${fields.length > 8 ? ", …" : ""} }`;
}

/** The numbers, words and truths in a value, by the way to them: `settings.depth` → 3. What is larger is left out. */
export function leaves(
  value: unknown,
  prefix = "",
  found = new Map<string, string | number | boolean>(),
): Map<string, string | number | boolean> {
  if (found.size >= 40) return found;
  if (typeof value === "number" || typeof value === "boolean") found.set(prefix || "value", value);
  else if (typeof value === "string") {
    if (value.length <= 80) found.set(prefix || "value", value);
  } else if (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    prefix.split(".").length < 3
  )
    for (const [key, inner] of Object.entries(value)) leaves(inner, prefix === "" ? key : `${prefix}.${key}`, found);
  return found;
}
