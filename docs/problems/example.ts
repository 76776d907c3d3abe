import type { Rule } from "../../src/compiler/problem.ts";

/** A problem as a reader meets it: a program that has it, and one that does not. */
export type Example = {
  rule: Rule;
  title: string;
  /** The line that is meant ends in `// here`. */
  wrong: Source;
  right: Source;
  /** Which pipeline is asked for (`--pipeline`), where the file declares several. */
  choosing?: { wrong: string; right: string };
};

/** The text of `pipeline.ts`, or of several files by their paths. */
export type Source = string | Record<string, string>;

export const filesOf = (source: Source): Record<string, string> =>
  typeof source === "string" ? { "pipeline.ts": source } : source;
