/** What it costs to call the classes of the library, with or without `new`. */
import { errorClasses, typedArrays } from "../../../model/builtins.ts";
import { readsDigits } from "./bits.ts";
import { burn } from "./burn.ts";
import { capBytes, capItems } from "./caps.ts";
import { type Cost, each, reads } from "./cost.ts";
import { burningIterable } from "./iterables.ts";
import { countOf } from "./size.ts";

/** The first argument is gone through. */
export const iterates: Cost = (_of, args) => {
  args[0] = burningIterable(args[0]);
};

/** A number is a length; elements are made of anything else. */
const makesItems: Cost = (_of, args) => {
  const [length] = args;
  if (args.length === 1 && typeof length === "number" && capItems(length)) burn(length / 8);
};

const makesBytes: Cost = (of, args) => {
  const [length] = args;
  if (typeof length === "object" && length !== null) return iterates(of, args);
  const bytes = countOf(length);
  if (capBytes(bytes)) burn(bytes);
};

const byName: [string, Cost][] = [
  ...each(reads, "String Number Boolean Date RegExp"),
  ...each(reads, errorClasses.filter((name) => name !== "AggregateError").join(" ")),
  ...each(iterates, "AggregateError Map Set"),
  ...each(makesBytes, `ArrayBuffer ${typedArrays.join(" ")}`),
  ["Array", makesItems],
  ["BigInt", readsDigits],
];

export const classCosts: ReadonlyMap<unknown, Cost> = new Map(
  byName.map(([name, cost]) => [(globalThis as Record<string, unknown>)[name], cost]),
);
