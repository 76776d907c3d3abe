/** What it costs to call a method: name of the receiver's type → its methods. What is not here costs next to nothing. */
import { typedArrays } from "../../../model/builtins.ts";
import { writesDigits } from "./bits.ts";
import { combines, concatenates, flatMaps, sorts, visits } from "./collections.ts";
import { type Cost, coerces, each, goesDown, looksUp, moves, reads, scans } from "./cost.ts";
import { matches, matchesBy } from "./matching.ts";
import { joins, pads, repeats, replaces, searches, splits, writes } from "./text.ts";

const ofArrays: [string, Cost][] = [
  ...each(moves, "copyWithin reverse shift slice splice toReversed toSpliced unshift with"),
  ...each(scans, "fill includes indexOf lastIndexOf"),
  ...each(visits, "every filter find findIndex findLast findLastIndex forEach map reduce reduceRight some"),
  ...each(sorts, "sort toSorted"),
  ...each(joins, "join toString"),
];

export const memberCosts: ReadonlyMap<string, ReadonlyMap<string, Cost>> = new Map([
  table("String", [
    ...each(coerces, "at charAt charCodeAt codePointAt toString valueOf"),
    ...each(
      reads,
      `concat endsWith isWellFormed localeCompare normalize slice startsWith substring toLowerCase toUpperCase toWellFormed trim
      trimEnd trimStart`,
    ),
    ...each(searches, "includes indexOf lastIndexOf"),
    ...each(matchesBy, "match matchAll search"),
    ...each(pads, "padEnd padStart"),
    ["repeat", repeats],
    ["replace", replaces(false)],
    ["replaceAll", replaces(true)],
    ["split", splits],
  ]),
  table("Number", each(writes, "toExponential toFixed toPrecision toString")),
  table("BigInt", [["toString", writesDigits]]),
  table("Array", [...ofArrays, ["concat", concatenates], ["flat", goesDown], ["flatMap", flatMaps]]),
  ...typedArrays.map((name) => table(name, [...ofArrays, ["set", concatenates]])),
  table("Map", [["forEach", visits], ["clear", scans], ...each(looksUp, "delete get has set")]),
  table("Set", [
    ["forEach", visits],
    ["clear", scans],
    ...each(looksUp, "add delete has"),
    ...each(combines, "difference intersection isDisjointFrom isSubsetOf isSupersetOf symmetricDifference union"),
  ]),
  table("RegExp", each(matches, "exec test")),
  table("ArrayBuffer", [["slice", moves]]),
  table("Error", [["toString", coerces]]),
]);

function table(type: string, costs: [string, Cost][]): [string, ReadonlyMap<string, Cost>] {
  return [type, new Map(costs)];
}
