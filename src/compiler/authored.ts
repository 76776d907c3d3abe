/** A step as its author wrote it, for people: what is run has lost types and comments. */
import { ts } from "ts-morph";
import type { Declared } from "./declarations.ts";

/** The whole statement that declares it, or the method, with the comments right above it. Lines lose the indentation that all of them have. */
export function authoredText({ call }: Pick<Declared, "call">): string {
  const declaration = declarationAround(call);
  const { text } = declaration.getSourceFile();
  const start = startWithComments(declaration, text);
  const indentation = new RegExp(`^[ \\t]{0,${start - (text.lastIndexOf("\n", start - 1) + 1)}}`);
  const [first, ...rest] = text.slice(start, declaration.getEnd()).split("\n");
  return [first, ...rest.map((line) => line.replace(indentation, ""))].join("\n");
}

function declarationAround(node: ts.Node): ts.Node {
  return ts.isSourceFile(node.parent) || ts.isClassElement(node) ? node : declarationAround(node.parent);
}

/** A comment that an empty line separates is about something else. */
function startWithComments(declaration: ts.Node, text: string): number {
  const above = ts.getLeadingCommentRanges(text, declaration.getFullStart()) ?? [];
  return above.reduceRight(
    (start, { pos, end }) => (/\n\s*\n/.test(text.slice(end, start)) ? start : pos),
    declaration.getStart(),
  );
}
