/** Values as a sentence has them: few digits, short texts, and of whatever is larger its kind. */

const longestText = 24;
/** So many digits a number that is not whole has at least. */
export const fewest = 4;

/** `digits`: how many of a number that is not whole. Calls nothing of the value's own. */
export function short(value: unknown, digits: number): string {
  switch (typeof value) {
    case "number":
      return formatNumber(value, digits);
    case "string":
      return JSON.stringify(cut(value));
    case "bigint":
      return `${cut(`${value}`)}n`;
    case "object":
      return value === null ? "null" : kindOf(value);
    case "function":
      return "Function";
    default:
      return String(value);
  }
}

/** So many digits that no two different numbers look the same. */
export function digitsFor(numbers: readonly number[]): number {
  if (numbers.every(Number.isInteger)) return fewest;
  const different = new Set(numbers).size;
  for (let digits = fewest; digits < 17; digits += 1)
    if (new Set(numbers.map((n) => formatNumber(n, digits))).size >= different) return digits;
  return 17;
}

function formatNumber(value: number, digits: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
}

function kindOf(value: object): string {
  if (Array.isArray(value)) return `Array(${value.length})`;
  if (value instanceof Map) return `Map(${value.size})`;
  if (value instanceof Set) return `Set(${value.size})`;
  if (value instanceof Error) return nameOf(value);
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return kind === "Object" ? (Object.keys(value).length === 0 ? "{}" : "{…}") : kind;
}

/** A body may have set it to anything. */
function nameOf({ name }: Error): string {
  return typeof name === "string" && name !== "" ? cut(name) : "Error";
}

const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text);
