/**
 * References: what a graph builder's words give. A reference stands for a value that is there only when the graph runs; its fields and items are references
 * again, and operators make new ones of them.
 */
import type { Artifact } from "../../model/artifact.ts";
import type { Expression } from "../../model/expression.ts";

declare const reference: unique symbol;

/** What every reference to a `T` is; `Ref<T>` has its fields too. */
export interface Reference<out T> {
  readonly [reference]: T;
}

/** A reference to a value of type `T`: `data.train`, `rows[0]` and `rows.length` are references too. */
export type Ref<T> = Reference<T> & Fields<T>;

type Scalar = string | number | bigint | boolean | null | undefined | symbol;
// biome-ignore lint/suspicious/noExplicitAny: any of them
type Whole = Scalar | Artifact | Date | RegExp | Error | ReadonlyMap<any, any> | ReadonlySet<any> | ArrayBufferView;

type Fields<T> = T extends Whole
  ? unknown
  : T extends readonly unknown[]
    ? number extends T["length"]
      ? { readonly [i: number]: Ref<T[number]>; readonly length: Ref<number> }
      : { readonly [K in keyof T & `${number}`]: Ref<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]-?: Ref<T[K]> }
      : unknown;

/** What may be given where a graph takes a `T`: a reference, the value itself, or a value with references in it. */
export type Given<T> = Reference<T> | (unknown extends T ? T : T extends Whole ? T : { [K in keyof T]: Given<T[K]> });

/** The other way round: the value that `G` will be when the graph runs. */
export type Value<G> =
  G extends Reference<infer T> ? T : G extends Whole ? G : { -readonly [K in keyof G]: Value<G[K]> };

type Referred = { readonly expression: Expression /** For people. */; readonly text: string };

const referred = new WeakMap<object, Referred>();

/** A reference to what the expression will be. */
export function refer<T>(expression: Expression, text: string): Ref<T> {
  const about: Referred = { expression, text };
  const made = new Proxy(about, traps) as unknown as Ref<T>;
  referred.set(made, about);
  return made;
}

/** The expression that a reference stands for; `undefined` for any other value. */
export function referredBy(value: unknown): Referred | undefined {
  return typeof value === "object" && value !== null ? referred.get(value) : undefined;
}

const traps: ProxyHandler<Referred> = {
  get(about, key) {
    const refusal = refusals.get(key);
    if (refusal !== undefined) return refuse(about, refusal);
    if (typeof key === "symbol") return undefined;
    const isItem = /^(?:0|[1-9]\d*)$/.test(key);
    const member: Expression = { kind: "member", of: about.expression, key: isItem ? Number(key) : key };
    return refer(member, isItem ? `${about.text}[${key}]` : `${about.text}.${key}`);
  },
  ownKeys: (about) => refuse(about, "its fields cannot be listed or spread: name each of them"),
  has: (about) => refuse(about, "its fields cannot be asked for: name them"),
  set: (about) => refuse(about, "it cannot be changed: a step returns a new value"),
  deleteProperty: (about) => refuse(about, "it cannot be changed: a step returns a new value"),
  defineProperty: (about) => refuse(about, "it cannot be changed: a step returns a new value"),
};

const compute = "compute with operators such as lt(…), add(…) or text`…`, or in a step";

/** What would look into the value now. */
const refusals = new Map<string | symbol, string>([
  [Symbol.toPrimitive, compute],
  ["toString", compute],
  ["valueOf", compute],
  ["toJSON", compute],
  [Symbol.iterator, "to go through its items, use g.each(…)"],
  [Symbol.asyncIterator, "to go through its items, use g.each(…)"],
  ["then", "it is not awaited: whatever reads it waits for it by itself"],
]);

function refuse({ text }: Referred, remedy: string): never {
  throw new TypeError(`${text} is a reference, whose value is there only when the graph runs: ${remedy}`);
}
