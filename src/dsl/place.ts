import { fileURLToPath } from "node:url";

/** A place in the author's source: an absolute path, line and column from 1. */
export type Place = { readonly file: string; readonly line: number; readonly column: number };

/**
 * Where `callee` was called from, through source maps wherever stacks go through them (Node's own, tsx, vitest);
 * `undefined` for code that came from no file. The frame is noted now, which is cheap; it is read when somebody asks.
 */
export function placeAbove(callee: (...args: never[]) => unknown): () => Place | undefined {
  const noted: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(noted, callee);
  Error.stackTraceLimit = limit;
  let read: { place: Place | undefined } | undefined;
  return () => {
    read ??= { place: firstPlace(noted.stack ?? "") };
    return read.place;
  };
}

/** Of `at name (file:///a/b.ts:3:7)`, `at /a/b.ts:3:7` or `at C:\a\b.ts:3:7`. */
function firstPlace(stack: string): Place | undefined {
  const match = /^\s+at (?:.*? \()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?)(?:\?[^:]*)?:(\d+):(\d+)\)?$/m.exec(stack);
  const [, where, line, column] = match ?? [];
  if (where === undefined) return undefined;
  return { file: where.startsWith("file:") ? fileURLToPath(where) : where, line: Number(line), column: Number(column) };
}
