/** JSON from outside: parsed with bounds, so that hostile text is refused in a sentence rather than by a crash. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Deeper nesting is refused: recursive descent over it must not exhaust the stack. */
export const maxDepth = 400;
/** More values, each array and object counted with what it holds, are refused: every one is checked, and most are compiled. */
const maxValues = 1_000_000;
/** Larger text is refused; bundles travel inside, so this is generous. */
export const maxBytes = 256 * 1024 * 1024;

export class JsonError extends Error {
  override name = "JsonError";
}

/** Parses `text`. Throws a JsonError where it is no JSON, too large, too deep, or holds a key that reaches for a prototype. */
export function parseJson(text: string): Json {
  if (text.length > maxBytes) throw new JsonError(`it is larger than ${maxBytes / 1024 / 1024} MB`);
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    throw new JsonError(`it is not JSON: ${(error as Error).message}`);
  }
  checkShape(json);
  return json;
}

/** How many arrays and objects stand within each other at most, its own among them. */
export function depthOf(root: object): number {
  let deepest = 0;
  const pending: { value: unknown; depth: number }[] = [{ value: root, depth: 1 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (value === null || typeof value !== "object") continue;
    deepest = Math.max(deepest, depth);
    for (const inner of Object.values(value)) pending.push({ value: inner, depth: depth + 1 });
  }
  return deepest;
}

/** No recursion: the stack is what is to be protected. */
function checkShape(root: Json): void {
  const pending: { json: Json; depth: number }[] = [{ json: root, depth: 1 }];
  let values = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { json, depth } = next;
    values += 1;
    if (values > maxValues) throw new JsonError(`it holds more than ${maxValues} values`);
    if (json === null || typeof json !== "object") continue;
    if (depth > maxDepth) throw new JsonError(`it is nested more than ${maxDepth} deep`);
    if (Object.hasOwn(json, "__proto__")) throw new JsonError('it has a key "__proto__"');
    for (const value of Array.isArray(json) ? json : Object.values(json))
      pending.push({ json: value, depth: depth + 1 });
  }
}
