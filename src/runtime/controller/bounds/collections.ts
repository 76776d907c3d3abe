/** Costs of methods of arrays, maps and sets. */
import { burn } from "./burn.ts";
import { callable } from "./callable.ts";
import { capItems } from "./caps.ts";
import { type Cost, scans } from "./cost.ts";
import { burnTree, lengthOf } from "./size.ts";

/** A function is called for every element; it burns by itself. */
export const visits: Cost = (of, args) => {
  scans(of, args);
  args[0] = callable(args[0]);
};

/** Without a function to compare by, elements are compared as texts. */
export const sorts: Cost = (of, args) => {
  const length = lengthOf(of);
  burn(0.2 * length * Math.log2(length + 1));
  if (args[0] === undefined) burnTree(of);
};

export const concatenates: Cost = (of, args) => {
  let length = lengthOf(of);
  for (const more of args) length += lengthOf(more);
  capItems(length);
  burn(length / 8);
};

/** What the function gives is put in the place of the element. */
export const flatMaps: Cost = (of, args) => {
  visits(of, args);
  const [fn] = args;
  if (typeof fn !== "function") return;
  let length = 0;
  args[0] = function (this: unknown, ...given: unknown[]) {
    const parts: unknown = Reflect.apply(fn, this, given);
    length += lengthOf(parts);
    capItems(length);
    burn(lengthOf(parts) / 8);
    return parts;
  };
};

/** Of two sets. */
export const combines: Cost = (of, [other]) => burn(lengthOf(of) + lengthOf(other));
