/** Globals: those of the fixed list, the language's own objects where a body cannot harm them, a stand-in where it could. */
import { globals as allowed } from "../../../model/builtins.ts";
import { type ChanceSource, chanceSources } from "../../../model/chance.ts";
import type { Expression } from "../../../model/expression.ts";
import { globalCosts } from "../bounds/global-costs.ts";
import { metered } from "../bounds/metered.ts";
import type { Evaluate } from "../graph/code.ts";
import { chance } from "./chance.ts";

export function global({ name }: Extract<Expression, { kind: "global" }>): Evaluate {
  if (!hasGlobal(name))
    return () => {
      throw new ReferenceError(`${name} is not defined`);
    };
  const value = values.get(name);
  return () => value;
}

export const hasGlobal = (name: string): boolean => values.has(name);

/** The members of a class or function of the library, such as `Promise.all`; undefined where it is not of the list. */
export const staticsOf = (fn: object): ReadonlyMap<string, unknown> | undefined => statics.get(fn);

/** May `new` be applied to it, and can a value be an instance of it? */
export const isClass = (fn: unknown): boolean => classes.has(fn);

const language = globalThis as unknown as Record<string, object & Record<string, unknown>>;

/** Members that are not the language's own: what they do needs a guard, or is recorded. */
const replaced: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...chanceSources.map((source): [string, unknown] => [source, reading(source)]),
  ["Object.assign", assign],
  ["Object.freeze", freeze],
]);

const statics = new Map<unknown, ReadonlyMap<string, unknown>>();
const values = new Map<string, unknown>();
for (const [name, keys] of allowed) {
  const value = language[name];
  const members = membersOf(name, keys);
  if (typeof value === "function") statics.set(value, members);
  values.set(name, value !== null && typeof value === "object" ? standIn(name, members) : guarded(name, value));
}

const classes: ReadonlySet<unknown> = new Set(
  [...allowed.keys()]
    .filter((name) => /^(?!String|Number|Boolean|BigInt$)[A-Z]/.test(name))
    .map((name) => language[name]),
);

function membersOf(global: string, keys: ReadonlySet<string>): Map<string, unknown> {
  return new Map(
    [...keys].map((key) => {
      const path = `${global}.${key}`;
      return [key, guarded(path, replaced.get(path) ?? language[global]?.[key])];
    }),
  );
}

/** A function that may compute for long burns by what it is given. */
function guarded(path: string, value: unknown): unknown {
  const cost = globalCosts.get(path);
  return cost && typeof value === "function" ? metered(value as () => unknown, cost) : value;
}

/** `Math` and `JSON` are plain objects to the language: the body gets frozen ones with the members that it may use. */
function standIn(name: string, members: ReadonlyMap<string, unknown>): object {
  const object = { [Symbol.toStringTag]: name };
  for (const [key, value] of members) Object.defineProperty(object, key, { value });
  return Object.freeze(object);
}

function reading(source: ChanceSource): unknown {
  return Object.defineProperty(() => chance(source), "name", { value: source.split(".")[1] });
}

/** The language's own functions are everybody's: none of them is changed. */
function assign(target: object, ...sources: unknown[]): object {
  if (typeof target === "function") throw new TypeError("a function cannot get properties in a pipeline's body");
  return Object.assign(target, ...sources);
}

function freeze<T>(value: T): T {
  return typeof value === "function" ? value : Object.freeze(value);
}
