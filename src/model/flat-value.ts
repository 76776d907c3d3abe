/**
 * The values that most steps pass, encoded without looking for all else that a value may be: a number, a text, a boolean, null, or a plain object of such.
 * The text is letter for letter the same, and whatever is not certain is left to the general way.
 */
import { unreadIn } from "./unread.ts";

/** The text of a flat value; undefined for any other. */
export function flatText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) {
    const text = scalarText(value);
    return text && `[${text}]`;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || unreadIn(value) !== undefined) return undefined;
  const keys = Object.keys(value);
  if (keys.length > most || Object.getOwnPropertySymbols(value).length > 0) return undefined;
  const texts: string[] = [];
  let fields = "";
  let after = "";
  for (const key of keys) {
    const text = scalarText((value as Record<string, unknown>)[key]);
    if (text === undefined || key === "__proto__" || !isPlain(key)) return undefined;
    // What occurs twice is written once.
    const known = texts.indexOf(text);
    fields += `${fields && ","}"${key}":${known < 0 ? texts.push(text) : known + 1}`;
    if (known < 0) after += `,${text}`;
  }
  return `[{${fields}}${after}]`;
}

/** The value of a flat text, parsed as JSON; undefined where it is another one, or none. Null is given in an object, so that it can be told from nothing. */
export function flatValue(parsed: unknown): { value: unknown } | undefined {
  if (!Array.isArray(parsed) || parsed.length === 0 || parsed.length > most + 1) return undefined;
  const [first] = parsed;
  if (typeof first !== "object" || first === null) return parsed.length === 1 ? { value: first } : undefined;
  if (Array.isArray(first)) return undefined;
  const value: Record<string, unknown> = {};
  for (const key of Object.keys(first)) {
    const index: unknown = first[key];
    if (key === "__proto__" || typeof index !== "number" || !(index > 0 && index < parsed.length)) return undefined;
    const field: unknown = parsed[index];
    if (field === undefined || (typeof field === "object" && field !== null)) return undefined;
    value[key] = field;
  }
  return { value };
}

/** With more, the general way is no slower. */
const most = 16;

function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : undefined;
    case "string":
      return isPlain(value) ? `"${value}"` : undefined;
    case "boolean":
      return String(value);
    default:
      return value === null ? "null" : undefined;
  }
}

/** Does it stand for itself between quotation marks? */
const isPlain = (text: string): boolean => /^[ !#-;=-[\]-~]*$/.test(text);
