/** Nesting: pipelines call pipelines, and themselves, but not without end. */

/** So many runs deep at most, the outermost included. */
export const maxNesting = 100;

const shownCalls = 6;

/** What a call that would be too deep rejects with. `calls`: the names of the calls that led there, the outermost first, the refused one last. */
export function nestingError(calls: readonly string[]): RangeError {
  const chain =
    calls.length <= shownCalls
      ? calls
      : [...calls.slice(0, shownCalls / 2), "…", ...calls.slice(calls.length - shownCalls / 2)];
  return new RangeError(
    `the pipeline "${calls.at(-1)}" would run ${calls.length} pipelines deep (${chain.join(" → ")}), and ${maxNesting} is the most: ` +
      "end the recursion earlier, or loop in one body",
  );
}
