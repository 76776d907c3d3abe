/** Costs of methods of strings that search, or that make longer ones. */
import { burn } from "./burn.ts";
import { callable } from "./callable.ts";
import { capText } from "./caps.ts";
import { type Cost, coerces, reads, scans } from "./cost.ts";
import { placesOf, searchesBy } from "./matching.ts";
import { burnText, burnTree, countOf, lengthOf } from "./size.ts";

export const repeats: Cost = (of, args) => {
  reads(of, args);
  makes(lengthOf(of) * countOf(args[0]));
};

export const pads: Cost = (of, args) => {
  reads(of, args);
  makes(countOf(args[0]));
};

/** A number is written in digits. */
export const writes: Cost = (of, args) => {
  coerces(of, args);
  burn(8);
};

/** Of arrays, and of what pretends to be one. */
export const joins: Cost = (of, args) => {
  scans(of, args);
  burnTree(of);
  coerces(undefined, args);
  burnText(lengthOf(of) * lengthOf(args[0]));
};

/** The worst case is a long text that almost is there at every place. */
export const searches: Cost = (of, args) => {
  reads(of, args);
  burn((lengthOf(of) / 64) * (lengthOf(args[0]) / 32));
};

export const splits: Cost = (of, args) => {
  searchesBy(of, args);
  searches(of, args);
  scans(of, args);
};

/** What is put in the place of a match may itself hold what stands around it, by `$`. */
export const replaces =
  (all: boolean): Cost =>
  (of, args) => {
    const [pattern, by] = args;
    searchesBy(of, args);
    searches(of, args);
    const references = typeof by === "string" ? by.split("$").length - 1 : 0;
    const places = placesOf(of, pattern, all);
    burn(places);
    burnText(places * (lengthOf(by) + references * lengthOf(of)));
    args[1] = callable(by);
  };

function makes(length: number): void {
  if (capText(length)) burnText(length);
}
