import { readFileSync } from "node:fs";
import type { Place } from "./place.ts";

/**
 * The name of the variable that is declared with the call at that place: `fit` for `const fit = step(…)`, also for a
 * chain over several lines. A plain call has no other way to it. `undefined` where there is none, or no source.
 */
export function variableAt(place: Place | undefined): string | undefined {
  if (place === undefined) return undefined;
  const before = sourceBefore(place);
  const declarations = [
    ...before.matchAll(/\b(?:const|let|var)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?::(?:=>|[^=;])*)?=(?![=>])/gu),
  ];
  const last = declarations.at(-1);
  if (last === undefined) return undefined;
  const between = before.slice(last.index + last[0].length);
  return isPartOfCallee(between) ? last[1] : undefined;
}

/** Some source maps put a chain's call on the bracket that closes the link before it: that one counts as before. */
function sourceBefore({ file, line, column }: Place): string {
  try {
    const lines = readFileSync(file, "utf8").split("\n").slice(0, line);
    const last = lines.pop() ?? "";
    return [...lines, last.slice(0, last[column - 1] === ")" ? column : column - 1)].join("\n");
  } catch {
    return "";
  }
}

/** Nothing, or the beginning of a chain: what is in a literal, or in a later statement, is not the variable itself. */
function isPartOfCallee(text: string): boolean {
  const bare = text.replace(/[([{][^()[\]{}]*[)\]}]/g, "");
  return bare === text ? /^\s*[\w$]*(?:\s*\.\s*[\w$]+)*\s*\.?$/.test(text) : isPartOfCallee(bare);
}
