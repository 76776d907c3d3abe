/** What it costs to call the functions of the library: by name or path, such as `Object.keys`. What is not here costs next to nothing. */
import { typedArrays } from "../../../model/builtins.ts";
import { keepsBits } from "./bits.ts";
import { burn } from "./burn.ts";
import { callable } from "./callable.ts";
import { capItems } from "./caps.ts";
import { iterates } from "./class-costs.ts";
import { type Cost, coerces, each, reads } from "./cost.ts";
import { burnGraph, burnTree, lengthOf } from "./size.ts";

const mathOf = (names: string) => names.replace(/\w+/g, "Math.$&");

/** Elements are made of what the first argument holds, or of its `length`. */
const makesItems: Cost = (of, args) => {
  capItems(lengthOf(args[0]));
  iteratesBy(of, args);
};

/** As `iterates`, each by a function. */
const iteratesBy: Cost = (of, args) => {
  iterates(of, args);
  args[1] = callable(args[1]);
};

const listsKeys: Cost = (_of, [of]) => burn(keysOf(of));

const copiesKeys: Cost = (_of, sources) => {
  for (const source of sources) burn(keysOf(source));
};

const writesJson: Cost = (_of, args) => {
  burnTree(args[0]);
  args[1] = callable(args[1]);
};

const readsJson: Cost = (of, args) => {
  reads(of, args);
  args[1] = callable(args[1]);
};

export const globalCosts: ReadonlyMap<string, Cost> = new Map<string, Cost>([
  ...each(reads, "parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI"),
  ...each(reads, "Number.parseFloat Number.parseInt Date.parse Date.UTC String.fromCharCode String.fromCodePoint"),
  ...each(
    coerces,
    mathOf(`abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2
    max min pow round sign sin sinh sqrt tan tanh trunc`),
  ),
  ...each(keepsBits, "BigInt.asIntN BigInt.asUintN"),
  ...each(listsKeys, "Object.entries Object.freeze Object.isFrozen Object.keys Object.values"),
  ["Object.assign", copiesKeys],
  ["Object.hasOwn", (of, args) => coerces(of, args.slice(1))],
  ...each(iterates, "Object.fromEntries Promise.all Promise.allSettled Promise.any Promise.race"),
  ...each(iteratesBy, "Object.groupBy Map.groupBy"),
  ...each(makesItems, `Array.from ${typedArrays.map((name) => `${name}.from`).join(" ")}`),
  ["JSON.parse", readsJson],
  ["JSON.stringify", writesJson],
  ["structuredClone", (_of, [value]) => burnGraph(value)],
]);

function keysOf(value: unknown): number {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.keys(value).length
    : lengthOf(value);
}
