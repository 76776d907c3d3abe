/** The cache: a step that was completed with the same code, input, configuration and environment need not run again. */
import { type Duration, durationMs } from "./duration.ts";
import { type Hash, hashOf } from "./hash.ts";
import type { TaskOptions } from "./options.ts";
import type { TaskId } from "./task.ts";

/** As an author writes it: `true`, or the details. */
export type Cache =
  | boolean
  | {
      /** Part of what must be equal: for what the step depends on and its input does not say, such as the date of a data set. */
      key?: string;
      /** A task that ended longer ago is not taken; default: any age. */
      ttl?: Duration;
      /** Where earlier tasks are looked for: in the whole store (the default), or among those of the same project. */
      scope?: CacheScope;
    };

const scopes = ["store", "project"] as const;
export type CacheScope = (typeof scopes)[number];

export type CachePolicy = { key?: string; ttlMs?: number; scope: CacheScope };

/** `undefined` where nothing is to be taken from the cache. Throws a RangeError with one sentence. */
export function cachePolicy(cache: Cache): CachePolicy | undefined {
  if (cache === false) return undefined;
  if (cache !== true && (typeof cache !== "object" || cache === null))
    throw new RangeError("cache: it is neither true nor an object of its details");
  const { key, ttl, scope = "store" } = cache === true ? {} : cache;
  if (key !== undefined && (typeof key !== "string" || key === ""))
    throw new RangeError("cache: the key is not a text of at least one character");
  if (!scopes.includes(scope))
    throw new RangeError(`cache: the scope ${JSON.stringify(scope)} is neither "store" nor "project"`);
  return { ...(key !== undefined && { key }), ...(ttl !== undefined && { ttlMs: durationMs(ttl) }), scope };
}

/** What must be equal, in the order in which people are told of a difference. */
export const cacheParts = ["code", "input", "configuration", "environment"] as const;
export type CachePart = (typeof cacheParts)[number];
export type CacheParts = Readonly<Record<CachePart, Hash>>;

/** What a clone says of itself to the cache. `refresh`: it is to run whatever is there, and to be taken by later ones. */
export type CacheKey = { hash: Hash; parts: CacheParts; refresh?: true };

/** `input`: encoded, artifacts by their content (`byContent`). `environment`: of whoever runs the code, such as `node 24`. Packages that lie outside of a bundle are in its hash, with their versions. */
export function cacheKey(
  { bundle, export: name, options }: { bundle: Hash; export: string; options: TaskOptions },
  input: string | undefined,
  environment: string,
): CacheKey {
  const parts: CacheParts = {
    code: hashOf(`${bundle}\n${name}`),
    input: hashOf(input ?? ""),
    configuration: hashOf(JSON.stringify([options.cache?.key ?? null, options.env ?? {}, options.secrets ?? []])),
    environment: hashOf(environment),
  };
  return { hash: hashOf(cacheParts.map((part) => parts[part]).join("\n")), parts };
}

/** Stands for an agent in the one attempt of a task that was taken from the cache. */
export const cacheAgent = "cache";

/** Why a task was taken from the cache, or why it ran. `nearest`: the earlier task of the step that differs the least. */
export type CacheOutcome =
  | { outcome: "hit"; from: TaskId /** It is the same call of the run which its own run does again. */; rerun?: true }
  | { outcome: "miss"; reason: "first" | "refresh" }
  | { outcome: "miss"; reason: "expired"; nearest: TaskId }
  | { outcome: "miss"; reason: "changed"; nearest: TaskId; differs: CachePart[] };

/** Those with the fewest differences, the first of equals; `undefined` where there is none. */
export function nearestOf<Earlier extends { parts: CacheParts }>(
  parts: CacheParts,
  earlier: readonly Earlier[],
): { earlier: Earlier; differs: CachePart[] } | undefined {
  const compared = earlier.map((each) => ({
    earlier: each,
    differs: cacheParts.filter((part) => each.parts[part] !== parts[part]),
  }));
  return compared.toSorted((a, b) => a.differs.length - b.differs.length)[0];
}
