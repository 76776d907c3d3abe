/** The language's library as a body has it: prototype → the members that may be used, by `model/builtins.ts`. */
import { globals, members } from "../../../model/builtins.ts";
import { memberCosts } from "../bounds/member-costs.ts";
import { metered, meteredIterating } from "../bounds/metered.ts";
import { handedOver } from "./handed-over.ts";

/** What a prototype itself has under a name: `true` for the language's own member, else what stands in for it. */
export const libraryMember = (prototype: object, name: string): unknown => tables.get(prototype)?.get(name);

const arrayIterator = Object.getPrototypeOf([].values());
/** Every iterator of the library has its `next` in a prototype of its own. */
const iterators: object[] = [
  arrayIterator,
  ...[
    new Map().values(),
    new Set().values(),
    ""[Symbol.iterator](),
    "".matchAll(/x/g),
    ([].values() as unknown as { take(n: number): object }).take(0),
  ].map((iterator) => Object.getPrototypeOf(iterator)),
];

const tables: ReadonlyMap<object, ReadonlyMap<string, unknown>> = new Map(
  [...members].flatMap(([type, names]) =>
    prototypesOf(type).map((prototype): [object, ReadonlyMap<string, unknown>] => [
      prototype,
      new Map([...names].map((name) => [name, standIn(type, name, prototype)])),
    ]),
  ),
);

function prototypesOf(type: string): object[] {
  if (type === "IteratorObject") return [Object.getPrototypeOf(arrayIterator)];
  if (type === "Iterator") return iterators;
  if (type === "Error") return [Error.prototype, DOMException.prototype]; // structuredClone throws the latter
  if (!globals.has(type)) return [];
  return [(globalThis as unknown as Record<string, { prototype: object }>)[type]!.prototype];
}

/** A method that may compute for long burns by what it is given. */
function standIn(type: string, name: string, prototype: object): unknown {
  if (type === "Promise") return handedOver.get(name);
  const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
  if (typeof method !== "function") return true;
  if (type === "IteratorObject") return meteredIterating(method as () => unknown);
  const cost = memberCosts.get(type)?.get(name);
  return cost ? metered(method as () => unknown, cost) : true;
}
