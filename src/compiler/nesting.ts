/**
 * Nesting: what goes deeper than a pipeline's JSON may, or than TypeScript can follow, is a problem of its own, said before anything exhausts the stack.
 * Nothing here is recursive.
 */
import { readFileSync } from "node:fs";
import { ts } from "ts-morph";
import { depthOf, maxDepth } from "../model/json.ts";
import type { CompileError, Problems } from "./problem.ts";
import { rules } from "./rules.ts";

/** Of what is lowered. Throws all problems so far, as nothing that follows could look at it. */
export function checkNesting(root: ts.Node, problems: Problems): void {
  const { node, depth } = deepest(root);
  if (depth <= maxDepth) return;
  problems.report(rules.tooDeep, node, { why: `it is ${depth} levels deep, and ${maxDepth} is the most in a body` });
  throw problems.error();
}

/** Of a part of the pipeline's JSON, which stands `around` levels deep in the whole; `from` is what it was made of. */
export function checkJsonNesting(part: object, around: number, from: ts.Node, problems: Problems): void {
  const depth = depthOf(part) + around;
  if (depth <= maxDepth) return;
  const why = `its JSON would be ${depth} levels deep, and ${maxDepth} is the most`;
  // A decorator stands on what it is about.
  problems.report(rules.tooDeep, deepest(ts.isDecorator(from) ? from.parent : from).node, { why });
}

/** All problems, where an error says that TypeScript's stack was exhausted by one of those sources; its nodes may know nothing of their parents yet. */
export function nestingError(
  error: unknown,
  sources: readonly ts.SourceFile[],
  problems: Problems,
): CompileError | undefined {
  if (!isOverflow(error)) return undefined;
  const found = sources.map((source) => ({ source, ...deepest(source) })).sort((a, b) => b.depth - a.depth);
  for (const { source, node } of found.slice(0, 1)) {
    const spot = { file: source.fileName, text: source.text, start: node.getStart(source), end: node.end };
    problems.reportAt(rules.tooDeep, spot, { why: beyond });
  }
  return problems.error();
}

/** Of a file that TypeScript cannot even parse. */
export function reportDeepFile(file: string, problems: Problems): void {
  const text = readFileSync(file, "utf8");
  const start = likelyPlace(text);
  problems.reportAt(rules.tooDeep, { file, text, start, end: start + 1 }, { why: beyond });
}

const beyond = `TypeScript cannot follow it, and ${maxDepth} levels are the most in a body`;

export const isOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message === "Maximum call stack size exceeded";

function deepest(root: ts.Node): { node: ts.Node; depth: number } {
  let found = { node: root, depth: 0 };
  const pending = [found];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.depth > found.depth) found = next;
    const depth = next.depth + 1;
    ts.forEachChild(next.node, (node) => void pending.push({ node, depth }));
  }
  return found;
}

/** The innermost bracket; where they are not deep, as in a chain of operators, the longest line. */
function likelyPlace(text: string): number {
  let found = { start: 0, depth: 0 };
  let depth = 0;
  for (const { 0: bracket, index: start } of text.matchAll(/[()[\]{}]/g)) {
    depth += "([{".includes(bracket) ? 1 : -1;
    if (depth > found.depth) found = { start, depth };
  }
  if (found.depth > maxDepth) return found.start;
  const [longest] = [...text.matchAll(/\S.*/g)].sort((a, b) => b[0].length - a[0].length);
  return longest?.index ?? 0;
}
