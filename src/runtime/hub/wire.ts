/**
 * How values travel: as JSON, with what JSON lacks in objects of one key: `{ "$number": "NaN" }`, `{ "$map": [[key, value]] }`. An object that looks like
 * one of these itself travels as `{ "$object": [[key, value]] }`.
 */

export function toWire(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === "number")
      return isPlain(inner) ? inner : { $number: Object.is(inner, -0) ? "-0" : `${inner}` };
    if (typeof inner !== "object" || inner === null) return inner;
    if (inner instanceof Map) return { $map: [...inner] };
    return isTagged(inner) ? { $object: Object.entries(inner) } : inner;
  });
}

export function fromWire(text: string): unknown {
  return revived(JSON.parse(text), text);
}

/** What was parsed from the text, as it was before it travelled. */
export function revived(json: unknown, text: string): unknown {
  return text.includes('"$') ? revive(json) : json;
}

function revive(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  for (const [key, value] of Object.entries(json)) (json as Record<string, unknown>)[key] = revive(value);
  if (!isTagged(json)) return json;
  const { $number, $map, $object } = json;
  if ($number !== undefined) return Number($number);
  return $map === undefined ? Object.fromEntries($object ?? []) : new Map($map);
}

type Entries = [string, unknown][];

const tags = new Set(["$number", "$map", "$object"]);

function isTagged(value: object): value is { $number?: string; $map?: Entries; $object?: Entries } {
  let only: string | undefined;
  for (const key in value) {
    if (only !== undefined) return false;
    only = key;
  }
  return only !== undefined && tags.has(only);
}

const isPlain = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);
