/** How large values are, and what it takes to go through them. */
import { burn } from "./burn.ts";

/** Characters, elements, entries or bytes; of a plain object its `length`, by which a built-in takes it for an array. */
export function lengthOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  return Object.hasOwn(value, "length") ? countOf((value as { length: unknown }).length) : 0;
}

/** A count as a built-in coerces it; what only running code could tell counts as without end. */
export function countOf(value: unknown): number {
  return typeof value === "object" || typeof value === "function" ? Number.POSITIVE_INFINITY : Number(value) || 0;
}

const charactersPerUnit = 64;

/** Looks at every character of a text. */
export const burnText = (length: number): void => {
  if (length >= charactersPerUnit) burn(length / charactersPerUnit);
};

/** Turns a value into text, where that is not the work of functions of the body. A text itself is there already. */
export function burnCoercion(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) burnTree(value);
  else if (ArrayBuffer.isView(value)) burn(value.byteLength);
  else if (value instanceof Error) {
    burnCoercion(ownOf(value, "name"));
    burnCoercion(ownOf(value, "message"));
  }
}

/** Goes through everything in a value; what it holds twice, twice. */
export function burnTree(value: unknown): void {
  walk(value, false);
}

/** Goes through everything in a value; what it holds twice, once. */
export function burnGraph(value: unknown): void {
  walk(value, true);
}

type Frame = { of: object; parts: ArrayLike<unknown>; next: number };

/** Without recursion, as a body may nest its values as deep as it likes. What is within itself is gone through once. */
function walk(root: unknown, once: boolean): void {
  const seen = new Set<object>();
  const frames: Frame[] = [];
  const enter = (value: unknown): void => {
    burn(1);
    if (typeof value === "string") return burnText(value.length);
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    frames.push({ of: value, parts: partsOf(value), next: 0 });
  };
  enter(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (frame.next < frame.parts.length) enter(frame.parts[frame.next++]);
    else {
      frames.pop();
      if (!once) seen.delete(frame.of);
    }
  }
}

function partsOf(value: object): ArrayLike<unknown> {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value].flat();
  if (value instanceof Set) return [...value];
  if (ArrayBuffer.isView(value)) return { length: value.byteLength / 8 };
  if (value instanceof Error) return ["name", "message", "cause", "errors"].map((key) => ownOf(value, key));
  return Object.entries(value).flat();
}

const ownOf = (of: object, key: string): unknown => Object.getOwnPropertyDescriptor(of, key)?.value;
