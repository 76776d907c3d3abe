/** Kept values for people and for programs: decoded, printed, as plain JSON. */
import { inspect } from "node:util";
import type { Hash } from "../model/hash.ts";
import type { Json } from "../model/json.ts";
import type { Stored } from "../model/task.ts";
import { decodeWhole } from "../model/value.ts";
import type { Store } from "../runtime/ports.ts";

export async function load(store: Pick<Store, "blobs">, stored: Stored | undefined): Promise<unknown> {
  if (stored === undefined) return undefined;
  const text = async (blob: Hash) => (await store.blobs.get(blob)).toString("utf8");
  return decodeWhole("text" in stored ? stored.text : await text(stored.blob), text);
}

/** As a programmer would see it at a prompt, cut to a screen: at most `lines` lines. */
export function pretty(value: unknown, options: { width: number; color: boolean; lines?: number }): string {
  const { width, color, lines: most = 24 } = options;
  const text = inspect(value, {
    colors: color,
    depth: 4,
    breakLength: width,
    maxArrayLength: 12,
    maxStringLength: 400,
  });
  const lines = text.split("\n");
  return lines.length <= most
    ? text
    : [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more lines`].join("\n");
}

/**
 * As JSON for programs. What JSON has no word for becomes the nearest thing: a Map an object (or a list of pairs), a Set and typed arrays a
 * list, a Date its ISO text, a bigint its digits, an error its name and message, `undefined` null; what holds itself is `"[circular]"`.
 */
export function toJson(value: unknown, around: readonly object[] = []): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return value === undefined ? null : String(value);
  if (around.includes(value)) return "[circular]";
  const within = [...around, value];
  const inner = (item: unknown) => toJson(item, within);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof RegExp || value instanceof URL) return String(value);
  if (value instanceof Map)
    return [...value.keys()].every((key) => typeof key === "string")
      ? Object.fromEntries([...value].map(([key, item]) => [key, inner(item)]))
      : [...value].map((pair) => pair.map(inner));
  if (value instanceof ArrayBuffer) return inner(new Uint8Array(value));
  if (Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value))
    return Array.from(value as unknown as Iterable<unknown>, inner);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item)]));
}
