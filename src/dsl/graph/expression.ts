/** Values with references in them, as expressions of the graph. */
import type { Expression } from "../../model/expression.ts";
import { referredBy } from "./reference.ts";

/** Throws a TypeError, naming `what`, for what no step could take. */
export function expressionOf(value: unknown, what: string): Expression {
  return convert(value, { what, around: [] });
}

type Place = { what: string /** Against cycles. */; around: readonly object[] };

function convert(value: unknown, place: Place): Expression {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (value === undefined) return global("undefined");
  if (typeof value === "number") return number(value);
  if (typeof value === "bigint") return { kind: "bigint", digits: String(value) };
  const { what, around } = place;
  if (typeof value !== "object") return refuse(what, typeof value === "function" ? "a function" : "a symbol");
  const about = referredBy(value);
  if (about !== undefined) return about.expression;
  if (around.includes(value)) return refuse(what, "a value that contains itself");
  return compound(value, { what, around: [...around, value] });
}

function compound(value: object, place: Place): Expression {
  const inner = (part: unknown) => convert(part, place);
  if (Array.isArray(value)) return { kind: "array", items: Array.from(value, inner) };
  if (value instanceof Date) return made("Date", value.getTime());
  if (value instanceof Map) return made("Map", inner([...value]));
  if (value instanceof Set) return made("Set", inner([...value]));
  if (value instanceof RegExp) return { kind: "regexp", source: value.source, flags: value.flags };
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return refuse(place.what, `an object of class ${prototype.constructor?.name ?? "unknown"}`);
  return { kind: "object", entries: Object.entries(value).map(([key, part]) => ({ key, value: inner(part) })) };
}

function number(value: number): Expression {
  if (Number.isNaN(value)) return global("NaN");
  if (Object.is(value, -0) || value === Number.NEGATIVE_INFINITY) return { kind: "unary", op: "-", of: number(-value) };
  return value === Number.POSITIVE_INFINITY ? global("Infinity") : value;
}

const global = (name: string): Expression => ({ kind: "global", name });

const made = (name: string, of: Expression): Expression => ({ kind: "new", callee: global(name), args: [of] });

function refuse(what: string, found: string): never {
  throw new TypeError(`${what} holds ${found}: give references, plain data, Map, Set, Date, RegExp or bigint`);
}
