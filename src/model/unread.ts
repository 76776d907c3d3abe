/**
 * Outputs that a body hands on and never looks into: large ones stay where they are, and stand in the body as values without content. What is passed to
 * a step says where its content lies, and the step's process fetches it.
 */
import type { Hash } from "./hash.ts";

/** `source` tells the outputs of one input apart: equal contents of two tasks are two values. `key`: one field of the output. */
export type UnreadFacts = { blob: Hash; source: number; key?: string };

type Unread = { blob: Hash; of: string; key?: string };

const known = new WeakMap<object, Unread>();

/** The output of the task `of`. Its fields are values without content too; nothing else can be asked of it. */
export function unread(of: string, blob: Hash): object {
  return standFor({ of, blob });
}

export const unreadIn = (value: unknown): Unread | undefined =>
  typeof value === "object" && value !== null ? known.get(value) : undefined;

/** A field is there whenever it is asked for: whether the content has it, the step sees. */
function standFor(about: Unread): object {
  const field = (key: string | symbol) =>
    typeof key === "string" && about.key === undefined ? standFor({ ...about, key }) : undefined;
  const value = new Proxy(
    {},
    {
      get: (_, key) => field(key),
      getOwnPropertyDescriptor: (_, key) => {
        const value = field(key);
        return value && { value, configurable: true, enumerable: true, writable: false };
      },
    },
  );
  known.set(value, about);
  return value;
}

/** What the step gets in its place, of the decoded content. Throws a TypeError for a method, which cannot be passed. */
export function contentOf(content: unknown, { key }: UnreadFacts): unknown {
  if (key === undefined) return content;
  const value = (content as Record<string, unknown>)[key];
  if (Object.hasOwn(content as object, key)) return value;
  if (typeof value === "function") throw new TypeError(`\`${key}\` is a method, which cannot be passed to a step`);
  return undefined;
}
