/** Costs of regular expressions. */
import { here } from "../graph/context.ts";
import { OutgrownError } from "../graph/fatal.ts";
import { burn } from "./burn.ts";
import type { Cost } from "./cost.ts";
import { patternUnits } from "./pattern.ts";
import { burnCoercion, burnText, lengthOf } from "./size.ts";

/** `exec` and `test`. */
export const matches: Cost = (of, [text]) => {
  if (of instanceof RegExp) burnMatch(of, text);
};

/** `match`, `matchAll` and `search` take anything else for the source of a pattern. */
export const matchesBy: Cost = (of, args) => {
  const [pattern] = args;
  burnCoercion(pattern);
  if (typeof pattern === "object" && pattern !== null && !(pattern instanceof RegExp)) args[0] = `${pattern}`;
  burnMatch(pattern instanceof RegExp ? pattern : patternOf(String(args[0])), of);
};

/** `replace` and `split` take a text for what is looked for. */
export const searchesBy: Cost = (of, [pattern]) => {
  if (pattern instanceof RegExp) burnMatch(pattern, of);
  else burnCoercion(pattern);
};

/** How often a text may have to be replaced. */
export function placesOf(of: unknown, pattern: unknown, all: boolean): number {
  if (!(all || (pattern instanceof RegExp && pattern.global))) return 1;
  if (typeof of !== "string" || typeof pattern !== "string" || pattern === "") return lengthOf(of) + 1;
  let places = 0;
  for (let at = of.indexOf(pattern); at !== -1; at = of.indexOf(pattern, at + pattern.length)) places += 1;
  return places;
}

/**
 * In a process that other runs share, what the pattern may take at most: where that is too much, the run gets a process of its own. There, time
 * alone bounds a match: who started the process ends it when it does not answer.
 */
function burnMatch(pattern: RegExp, text: unknown): void {
  burnCoercion(text);
  const length = lengthOf(text);
  burnText(length);
  const { run } = here();
  if (!run.fuel.shared) return;
  const units = patternUnits(pattern, length);
  if (units > run.fuel.left) run.end(new OutgrownError());
  burn(units);
}

/** One that is none is the body's error, thrown when it is matched. */
function patternOf(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    return /(?:)/;
  }
}
