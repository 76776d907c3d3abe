import { ts } from "ts-morph";

/**
 * The text of the JSDoc comment above a property's declaration, without its tags. Read from the source text: the syntax trees here are made without
 * their comments, which makes them faster.
 */
export function descriptionOf(property: ts.Symbol): string | undefined {
  const declaration = property.declarations?.[0];
  if (declaration === undefined) return undefined;
  const { text } = declaration.getSourceFile();
  // On the line of what stands before it, a comment counts as trailing that.
  const ranges = [
    ts.getTrailingCommentRanges(text, declaration.pos),
    ts.getLeadingCommentRanges(text, declaration.pos),
  ];
  const comments = ranges.flatMap((found) => found ?? []).map(({ pos, end }) => text.slice(pos, end));
  const doc = comments.filter((comment) => comment.startsWith("/**")).at(-1);
  const lines = (doc ?? "").slice("/**".length, -"*/".length).split(/\r?\n/);
  const plain = lines.map((line) => line.replace(/^\s*\*?\s?/, "").trimEnd());
  const firstTag = plain.findIndex((line) => line.startsWith("@"));
  const description = plain
    .slice(0, firstTag === -1 ? plain.length : firstTag)
    .join("\n")
    .trim();
  return description === "" ? undefined : description;
}
