/** Values for programs that know JSON only. */
import type { Json } from "./json.ts";

/**
 * The value as JSON says it: a Date by its ISO text, a bigint by its digits, as they are read from JSON again; fields that are undefined are left out. Throws a
 * TypeError, naming the place, for what JSON cannot hold: nothing is approximated.
 */
export function plainJson(value: unknown, at: string, around: readonly object[] = []): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object") throw new TypeError(`${at} is ${String(value)}, which JSON cannot hold`);
  if (around.includes(value)) throw new TypeError(`${at} holds itself, which JSON cannot say`);
  const within = [...around, value];
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (Array.isArray(value)) return value.map((item, i) => plainJson(item, `${at}[${i}]`, within));
  if (!isPlain(value)) throw new TypeError(`${at} is a ${value.constructor.name}, which JSON cannot hold`);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, plainJson(field, `${at}.${name}`, within)]));
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
